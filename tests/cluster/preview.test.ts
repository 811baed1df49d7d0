import { afterAll, beforeAll, expect, test } from "vitest";
import { Bench } from "../drills/faults/bench.ts";
import { benchTools } from "../drills/faults/drill.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";

const root = new URL("../..", import.meta.url).pathname;
let bench: Bench;
let leader: string;
let others: string[];

beforeAll(async () => {
  bench = await Bench.start(40, await benchTools(sandboxSettings(root)));
  const order = await words(["--replace", "**RandomPassword::nomad-gossip-key"]);
  others = [...order.matchAll(/server-\d(?! \(leader\))/g)].map(([slot]) => slot);
  [leader = ""] = /server-\d(?= \(leader\))/.exec(order) ?? [];
}, 300_000);
afterAll(() => bench.close());

/** What the cluster component says in a preview of the bench's cluster of three servers. */
async function words(options: readonly string[] = [], serverCount = 3, clientCount = 0): Promise<string> {
  const counts = Object.entries({ serverCount, clientCount }).flatMap(([key, count]) => [
    "--config",
    `faults:${key}=${count}`,
  ]);
  const { exitCode, output } = await bench.pulumi("preview", ...counts, ...options).ended;
  expect(exitCode, output).toBe(0);
  // The CLI shows it while it works, and again at the end.
  const shown = output.split("\n").flatMap((line) => /rollout: .*/.exec(line)?.[0].trim() ?? []);
  return [...new Set(shown)].join("\n");
}

test("a preview says nothing of a cluster that does not change", async () => {
  expect(await words()).toBe("");
});

// The certificate and the reserved address of a new slot are known only after the update.
test("a preview says that a client is created and that nothing else changes", async () => {
  expect(await words([], 3, 2)).toBe("rollout: created first: client-1, client-2");
});

test("a preview says that added servers come first, and that the others, which have to know them, are replaced", async () => {
  expect(await words([], 5)).toBe(
    `rollout: created first: server-4, server-5; replaced one after another: ${others.join(", ")}, ${leader} (leader)`,
  );
});

test("a preview says which slot's droplet a new certificate replaces", async () => {
  const slot = others[0]!;
  expect(await words(["--replace", `**LocallySignedCert::nomad-certificates-${slot}`])).toBe(
    `rollout: replaced one after another: ${slot}`,
  );
});
