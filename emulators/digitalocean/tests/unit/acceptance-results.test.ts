import { expect, test } from "vitest";
import { acceptanceResults, resultsTable } from "../peers/acceptance-results.ts";

const event = (Action: string, Test: string, Package = "example.com/provider/digitalocean/tag") =>
  JSON.stringify({ Action, Package, Test });

test("acceptance tests are counted by package; parts, unit tests and other lines are not", () => {
  const output = [
    ...[event("run", "TestAccTag"), event("pass", "TestAccTag"), event("fail", "TestAccTag_import")],
    ...[event("skip", "TestAccDroplet_gpu", "example.com/provider/digitalocean/droplet")],
    ...[event("pass", "TestAccTag/part"), event("pass", "TestFlatten"), "FAIL"],
    JSON.stringify({ Action: "fail", Package: "example.com/provider/digitalocean/tag" }),
  ].join("\n");
  const results = acceptanceResults(output);
  expect(results.get("tag")).toEqual({ passed: ["TestAccTag"], failed: ["TestAccTag_import"], skipped: [] });
  expect(resultsTable(results).split("\n").slice(2)).toEqual([
    "| droplet | 0 | 0 | 1 |",
    "| tag | 1 | 1 | 0 |",
    "| all | 1 | 1 | 1 |",
  ]);
});
