import { expect, test } from "vitest";
import { refreshCommand } from "../../components/rollout/recovery.ts";
import { benchTools } from "../drills/faults/drill.ts";
import { describeCase, runFaults } from "../drills/faults/run-faults.ts";
import type { CaseResult } from "../drills/faults/run-faults.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";

const root = new URL("../..", import.meta.url).pathname;

/** One of each kind, at the calls where most can go wrong; `npm run drill -- faults` runs all there are. */
const sample = [
  "DELETE /v2/droplets/OLD, done, no answer, Ctrl-C",
  "POST /v2/droplets, reset after it was done",
  // The address has been given up by then, and Pulumi gives it up once more.
  "DELETE /v2/droplets/OLD, 500 always",
  "POST /v2/reserved_ips/ADDRESS/actions (assign), 500 after it was done",
  "Nomad drains the node, kill -9 of the program",
  "POST /v2/droplets, kill -9 of the CLI",
  "the new droplet, never becomes active",
];

test(
  "a roll that anything goes wrong in is finished by one more up, with no orphan",
  { timeout: 900_000 },
  async () => {
    const results: CaseResult[] = [];
    const result = await runFaults(
      {
        tools: await benchTools(sandboxSettings(root)),
        firstBench: 60,
        select: (faultCase) => sample.includes(describeCase(faultCase)),
        ended: (one) => results.push(one),
      },
      (text) => console.log(text),
    );
    expect(results.map(({ faultCase }) => describeCase(faultCase)).sort()).toEqual([...sample].sort());
    for (const { faultCase, outcome } of results)
      expect({ faultCase: describeCase(faultCase), ...outcome }).toMatchObject({
        struck: true,
        problems: [],
      });
    expect(result).toEqual({ cases: sample.length, converged: sample.length, orphans: 0 });
    const outcomeOf = (name: string) =>
      results.find(({ faultCase }) => describeCase(faultCase) === name)!.outcome;
    // The plugin repeats the request, and the second droplet is deleted in the same update.
    expect(outcomeOf("POST /v2/droplets, reset after it was done")).toMatchObject({
      firstSucceeded: true,
      dropletsMade: 2,
    });
    // The first one is deleted, and the operator tells Pulumi so, as the error says.
    expect(outcomeOf("the new droplet, never becomes active")).toMatchObject({
      firstSucceeded: false,
      dropletsMade: 2,
      commands: [refreshCommand],
    });
    expect(outcomeOf("POST /v2/droplets, kill -9 of the CLI").commands).toEqual([
      "pulumi cancel",
      refreshCommand,
    ]);
  },
);
