import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { contradictions } from "../openapi/answers.ts";
import { operations } from "../openapi/operations.ts";
import { answersOperation, routeTable } from "../openapi/routes.ts";
import { coveragePage } from "../openapi/write-coverage.ts";

test("the list of operations, which are held to the description, is what the routes answer", () => {
  const routes = routeTable();
  const without = (list: readonly string[], matches: (one: string) => boolean) =>
    list.filter((one) => !matches(one));
  expect(
    without(routes, (route) => operations.some((operation) => answersOperation(route, operation))),
  ).toEqual([]);
  expect(
    without(operations, (operation) => routes.some((route) => answersOperation(route, operation))),
  ).toEqual([]);
});

test("COVERAGE.md is what routes and description say (written by tests/openapi/write-coverage.ts)", async () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../COVERAGE.md"), "utf8");
  expect(page).toBe(await coveragePage());
});

test.each([
  ["GET /v2/droplets/:id", "GET /v2/droplets/{droplet_id}", true],
  ["GET /v2/projects/:id", "GET /v2/projects/default", true],
  ["GET /v2/droplets/:id", "DELETE /v2/droplets/{droplet_id}", false],
  ["GET /v2/droplets/:id", "GET /v2/droplets/{droplet_id}/actions", false],
  ["GET /v2/projects/default", "GET /v2/projects/{project_id}", false],
])("%s answers %s: %s", (route, operation, answers) => {
  expect(answersOperation(route, operation)).toBe(answers);
});

const tag = { name: "node", resources: { count: 0, images: { count: 0 } } };

test.each([
  ["as described", 200, { tag }, []],
  ["an answer of another status", 202, { tag }, [/never answers 202/]],
  ["a number instead of text", 200, { tag: { ...tag, name: 7 } }, [/\/tag\/name must be string/]],
  ["a property that is not described", 200, { tag: { ...tag, colour: "red" } }, [/"colour"/]],
  ["one within a property", 200, { tag: { ...tag, resources: { apps: {} } } }, [/"apps"/]],
  [
    "text that its pattern forbids",
    200,
    { tag: { ...tag, name: "a b" } },
    [/\/tag\/name must match pattern/],
  ],
  ["an error without an id", 404, { message: "no" }, [/required property 'id'/]],
  ["an error as described", 404, { id: "not_found", message: "no" }, []],
])("%s: the check of answers sees it", (_what, status, body, found) => {
  const wrong = contradictions("GET", "/v2/tags/node", status, body);
  expect(wrong).toEqual(found.map((text) => expect.stringMatching(text) as string));
});

test("an answer of an operation that is not in the list is a contradiction", () => {
  expect(contradictions("GET", "/v2/apps", 200, {})).toEqual([
    "GET /v2/apps is not in the list of operations",
  ]);
});
