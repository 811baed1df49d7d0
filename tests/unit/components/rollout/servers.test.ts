import { describe, expect, test } from "vitest";
import { askCluster } from "../../../../components/rollout/servers.ts";
import type { NomadApi } from "../../../../components/rollout/servers.ts";
import { PermanentError } from "../../../../components/rollout/poll.ts";
import { NomadApiError } from "../../../../components/clients/nomad/request.ts";
import { RolledNomad } from "../../../support/nomad/rolled-nomad.ts";

/** Servers that are told apart by what they answer to `snapshot`, which stands for any call. */
function servers(...answers: (string | Error)[]): { asked: number[]; all: NomadApi[] } {
  const asked: number[] = [];
  const all = answers.map((answer, index) =>
    Object.assign(new RolledNomad(), {
      snapshot: () => {
        asked.push(index);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(Buffer.from(answer));
      },
    }),
  );
  return { asked, all };
}

const refused = new Error("connect ECONNREFUSED");
const noLeader = new NomadApiError("GET", "https://192.0.2.1:4646/v1/nodes", 500, "No cluster leader");
const denied = new NomadApiError("GET", "https://192.0.2.1:4646/v1/nodes", 403, "Permission denied");

describe("asking a cluster", () => {
  test("goes on to the next server when one does not answer or has no leader", async () => {
    const { asked, all } = servers(refused, noLeader, "state");
    const ask = askCluster(all);
    expect((await ask((server) => server.snapshot())).toString()).toBe("state");
    expect(asked).toEqual([0, 1, 2]);
  });

  test("remembers who answered", async () => {
    const { asked, all } = servers(refused, "state");
    const ask = askCluster(all);
    await ask((server) => server.snapshot());
    await ask((server) => server.snapshot());
    expect(asked).toEqual([0, 1, 1]);
  });

  test("takes a refusal for the answer, since every server would refuse", async () => {
    const { asked, all } = servers(denied, "state");
    await expect(askCluster(all)((server) => server.snapshot())).rejects.toBe(denied);
    expect(asked).toEqual([0]);
  });

  test("asks nobody else after a failure that waiting does not mend", async () => {
    const otherSecret = new PermanentError("bootstrapped with another secret");
    const { asked, all } = servers(otherSecret, "state");
    await expect(askCluster(all)((server) => server.snapshot())).rejects.toBe(otherSecret);
    expect(asked).toEqual([0]);
  });

  test("says of every server why it did not answer", async () => {
    const { all } = servers(refused, noLeader);
    await expect(askCluster(all)((server) => server.snapshot())).rejects.toThrow(
      /connect ECONNREFUSED; .*No cluster leader/,
    );
  });
});
