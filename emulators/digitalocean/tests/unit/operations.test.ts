import fastify from "fastify";
import { expect, test } from "vitest";
import { apiTime } from "../../emulator.ts";
import type { Emulator } from "../../emulator.ts";
import { apiRoutes } from "../../routes/api.ts";
import { resolveOptions } from "../../options.ts";
import { contradictions } from "../openapi/answers.ts";
import { operations } from "../openapi/operations.ts";

/** Answered, but always with 501. */
const refused = ["POST /v2/droplets/actions"];

const withoutNames = (operation: string) => operation.replaceAll(/:\w+|\{\w+\}/g, "*");

test("the list of operations, which are held to the description, names every route", () => {
  const server = fastify({ exposeHeadRoutes: false });
  const routes: string[] = [];
  server.addHook("onRoute", ({ method, url }) => {
    routes.push(...[method].flat().map((verb) => `${verb} ${url}`));
  });
  const emulator = { options: resolveOptions({ tokens: ["token"] }), now: () => apiTime(new Date()) };
  apiRoutes(server, emulator as Emulator);
  expect(routes.map(withoutNames).sort()).toEqual([...operations, ...refused].map(withoutNames).sort());
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
