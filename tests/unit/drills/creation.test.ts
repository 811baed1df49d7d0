import { describe, expect, test } from "vitest";
import { creationCalls, creationPattern } from "../../drills/faults/creation/creation-calls.ts";
import { printedDeletions } from "../../drills/faults/creation/printed-commands.ts";
import { describeCall } from "../../drills/faults/roll-calls.ts";
import { request } from "./request-event.ts";

const vpc = "2c1c2c5e-0f2d-4f6e-9d57-6a3f0f1f7c11";

describe("the calls of a first creation", () => {
  const calls = creationCalls([
    request("GET", "/v2/account"),
    request("POST", "/v2/reserved_ips"),
    request("POST", "/v2/reserved_ips"),
    request("GET", "/v2/reserved_ips/127.100.1.2"),
    request("GET", "/v2/reserved_ips/127.100.1.3"),
    request("POST", "/v2/vpcs"),
    request("GET", `/v2/vpcs/${vpc}`),
    request("POST", "/v2/reserved_ips/127.100.1.3/actions"),
    request("GET", "/v2/reserved_ips/127.100.1.3/actions/2000000010"),
  ]);

  test("are each creation, and one reading for all of a kind", () => {
    expect(calls.map(describeCall)).toEqual([
      "GET /v2/account",
      "POST /v2/reserved_ips",
      "POST /v2/reserved_ips (no. 2)",
      "GET /v2/reserved_ips/ADDRESS",
      "POST /v2/vpcs",
      "GET /v2/vpcs/VPC",
      "POST /v2/reserved_ips/ADDRESS/actions",
      "GET /v2/reserved_ips/ADDRESS/actions/ACTION",
    ]);
  });

  test("are found again in another creation by their paths", () => {
    const pathOf = (name: string) =>
      new RegExp(`^(?:${creationPattern(calls.find((call) => describeCall(call) === name)!)})$`);
    expect("/v2/vpcs/00000000-0000-4000-8000-000000000000").toMatch(pathOf("GET /v2/vpcs/VPC"));
    expect(`/v2/vpcs/${vpc}/members`).not.toMatch(pathOf("GET /v2/vpcs/VPC"));
    expect("/v2/reserved_ips/127.101.1.9/actions/7").toMatch(
      pathOf("GET /v2/reserved_ips/ADDRESS/actions/ACTION"),
    );
  });
});

describe("the deletions that a preview asks for", () => {
  test("are each found once, as calls of the API", () => {
    const output =
      `error: delete it (\`doctl vpcs delete ${vpc}\`); or not\n` +
      `delete it (\`doctl vpcs delete ${vpc}\`)\n` +
      "(`doctl compute reserved-ip delete ADDRESS`: 192.0.2.1): `doctl compute reserved-ip delete 192.0.2.1`, " +
      "`doctl compute ssh-key delete 512`";
    expect(printedDeletions(output)).toEqual([
      { command: `doctl vpcs delete ${vpc}`, path: `/v2/vpcs/${vpc}` },
      { command: "doctl compute reserved-ip delete 192.0.2.1", path: "/v2/reserved_ips/192.0.2.1" },
      { command: "doctl compute ssh-key delete 512", path: "/v2/account/keys/512" },
    ]);
  });

  test("are none that the drill cannot make", () => {
    expect(() => printedDeletions("`doctl compute certificate delete 7`")).toThrow("does not know");
  });
});
