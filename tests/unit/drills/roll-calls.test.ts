import { describe, expect, test } from "vitest";
import { faultCases } from "../../drills/faults/cases.ts";
import { describeCall, pathPattern, rollCalls } from "../../drills/faults/roll-calls.ts";
import { describeCase } from "../../drills/faults/run-faults.ts";
import { request } from "./request-event.ts";

const targets = { address: "127.100.1.2", droplet: "500000002" };
const roll = [
  request("GET", "/v2/droplets?page=1&per_page=200"),
  request("POST", "/v2/reserved_ips/127.100.1.2/actions", { type: "unassign" }),
  request("GET", "/v2/actions/2000000007"),
  request("GET", "/v2/actions/2000000007"),
  request("DELETE", "/v2/droplets/500000002"),
  request("POST", "/v2/droplets", { name: "server-2" }),
  request("GET", "/v2/droplets/500000004"),
  request("POST", "/v2/reserved_ips/127.100.1.2/actions", { type: "assign" }),
  request("GET", "/v2/reserved_ips/127.100.1.2/actions/2000000010"),
  request("GET", "/v2/actions/2000000010"),
];

describe("the calls of a roll", () => {
  test("are told apart by what they are about and by their order, and a wait is one call", () => {
    expect(rollCalls(roll, targets).map(describeCall)).toEqual([
      "GET /v2/droplets",
      "POST /v2/reserved_ips/ADDRESS/actions (unassign)",
      "GET /v2/actions/ACTION",
      "DELETE /v2/droplets/OLD",
      "POST /v2/droplets",
      "GET /v2/droplets/NEW",
      "POST /v2/reserved_ips/ADDRESS/actions (assign)",
      "GET /v2/reserved_ips/ADDRESS/actions/ACTION",
      "GET /v2/actions/ACTION (no. 3)",
    ]);
  });

  test("are found again in another roll by their paths", () => {
    const calls = rollCalls(roll, targets);
    const matches = (name: string, path: string) =>
      new RegExp(
        `^(?:${pathPattern(
          calls.find((call) => describeCall(call) === name)!,
          targets,
        )})$`,
      ).test(path);
    expect(matches("GET /v2/droplets/NEW", "/v2/droplets/500000009")).toBe(true);
    expect(matches("GET /v2/droplets/NEW", "/v2/droplets/500000002")).toBe(false);
    const action = "GET /v2/reserved_ips/ADDRESS/actions/ACTION";
    expect(matches(action, "/v2/reserved_ips/127.100.1.2/actions/2000000031")).toBe(true);
    expect(matches("DELETE /v2/droplets/OLD", "/v2/droplets/500000002")).toBe(true);
    expect(
      matches("POST /v2/reserved_ips/ADDRESS/actions (assign)", "/v2/reserved_ips/127.100.1.22/actions"),
    ).toBe(false);
  });
});

describe("the cases", () => {
  const names = faultCases(rollCalls(roll, targets)).map(describeCase);

  test("are every call with every fault, and nothing is committed by a call that reads", () => {
    expect(names.filter((name) => name.startsWith("GET /v2/droplets/NEW, "))).toEqual([
      "GET /v2/droplets/NEW, 429 once",
      "GET /v2/droplets/NEW, 500 once",
      "GET /v2/droplets/NEW, 500 always",
      "GET /v2/droplets/NEW, no answer, Ctrl-C",
    ]);
    expect(names).toContain("POST /v2/droplets, reset after it was done");
    expect(new Set(names).size).toBe(names.length);
  });

  test("are every kill at every change, at the drain and while the node joins", () => {
    expect(names.filter((name) => name.includes("kill -9 of the CLI"))).toEqual([
      "Nomad drains the node, kill -9 of the CLI",
      "POST /v2/reserved_ips/ADDRESS/actions (unassign), kill -9 of the CLI",
      "DELETE /v2/droplets/OLD, kill -9 of the CLI",
      "POST /v2/droplets, kill -9 of the CLI",
      "POST /v2/reserved_ips/ADDRESS/actions (assign), kill -9 of the CLI",
      "GET /v2/actions/ACTION (no. 3), kill -9 of the CLI",
    ]);
  });
});
