import { describe, expect, test } from "vitest";
import { failover } from "../../../../components/rollout/failover.ts";
import { PermanentError } from "../../../../components/rollout/poll.ts";
import { ApiError } from "../../../../components/clients/request.ts";

/** Servers with one call, and which of them were called. */
function servers(...results: (string | Error)[]) {
  const called: number[] = [];
  const all = results.map((result, index) => ({
    read: () => {
      called.push(index);
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    },
  }));
  return { called, all };
}

const refused = new Error("connect ECONNREFUSED");
const noLeader = new ApiError("GET", "https://192.0.2.1:4646/v1/nodes", 500, "No cluster leader");
const denied = new ApiError("GET", "https://192.0.2.1:4646/v1/nodes", 403, "Permission denied");

describe("a call with failover", () => {
  test("goes on to the next server when one does not answer or has no leader", async () => {
    const { called, all } = servers(refused, noLeader, "state");
    const withFailover = failover(all);
    expect(await withFailover((server) => server.read())).toBe("state");
    expect(called).toEqual([0, 1, 2]);
  });

  test("starts with the server that answered last", async () => {
    const { called, all } = servers(refused, "state");
    const withFailover = failover(all);
    await withFailover((server) => server.read());
    await withFailover((server) => server.read());
    expect(called).toEqual([0, 1, 1]);
  });

  test("ends with a refusal, since every server would refuse", async () => {
    const { called, all } = servers(denied, "state");
    await expect(failover(all)((server) => server.read())).rejects.toBe(denied);
    expect(called).toEqual([0]);
  });

  test("tries no other server after a failure that waiting does not mend", async () => {
    const otherSecret = new PermanentError("bootstrapped with another secret");
    const { called, all } = servers(otherSecret, "state");
    await expect(failover(all)((server) => server.read())).rejects.toBe(otherSecret);
    expect(called).toEqual([0]);
  });

  test("fails with the reason of every server", async () => {
    const { all } = servers(refused, noLeader);
    await expect(failover(all)((server) => server.read())).rejects.toThrow(
      /connect ECONNREFUSED; .*No cluster leader/,
    );
  });
});
