import { expect, test } from "vitest";
import { refreshCommand } from "../../components/rollout/recovery.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { blowsAt } from "../drills/faults/cases.ts";
import { benchTools } from "../drills/faults/drill.ts";
import { creation, runFaults } from "../drills/faults/run-faults.ts";
import type { CaseResult } from "../drills/faults/run-faults.ts";

const root = new URL("../..", import.meta.url).pathname;

test(
  "a first creation that is killed before a droplet is answered is finished by one more up, with no orphan",
  { timeout: 600_000 },
  async () => {
    const results: CaseResult[] = [];
    const call = { method: "POST", path: "/v2/droplets", nth: 1 };
    const [killed] = blowsAt([{ at: "call", call }]);
    const result = await runFaults(
      {
        tools: await benchTools(sandboxSettings(root)),
        // What an undisturbed creation calls need not be learned for one case.
        of: { ...creation, observe: () => Promise.resolve([killed!]) },
        benches: 1,
        firstBench: 70,
        ended: (one) => results.push(one),
      },
      (text) => console.log(text),
    );
    const [{ outcome }] = results as [CaseResult];
    expect(outcome, outcome.outputs.join("\n\n")).toMatchObject({
      struck: true,
      problems: [],
      commands: ["pulumi cancel", refreshCommand],
    });
    expect(result).toEqual({ cases: 1, converged: 1, orphans: 0 });
    // One of the slots has the volume, which the droplet that is not known has too.
    expect(outcome.dropletsMade).toBeGreaterThan(3);
    expect(outcome.outputs.at(-3)).toMatch(/makes a droplet where the account has faults-server-\d-\d+/);
    expect(outcome.outputs.at(-2)).toMatch(
      /deleting faults-server-\d-\d+, a droplet that Pulumi does not know/,
    );
  },
);
