import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect, test } from "vitest";
import { rolloutPlans } from "../../../../cli/report/rollout-plans.ts";
import { nodeSection } from "../../../../cli/report/change-groups.ts";
import { resourceChanges } from "../../../../cli/report/resource-changes.ts";
import { recordedEvents } from "./events.ts";

const events = recordedEvents("servers-and-client");

/** The events with the registered plan changed. */
const changed = (change: object) =>
  events.map((event): EngineEvent => {
    if (event.resOutputsEvent === undefined) return event;
    const copy = structuredClone(event);
    Object.assign(copy.resOutputsEvent!.metadata.new!.outputs["rolloutPlan"] as object, change);
    return copy;
  });

test("a registered plan is read with the order and the leader", () => {
  const [plan, ...others] = rolloutPlans(events);
  expect(others).toEqual([]);
  expect(plan!.changes.at(-1)).toEqual({
    ...{ droplet: "faults-server-3", slot: "server-3" },
    ...{ action: "replace", leader: true },
  });
});

test("the order of the nodes does not depend on the words of the plan", () => {
  const reworded = changed({ summary: "server-3 goes first, or so it says" });
  expect(nodeSection(resourceChanges(reworded), reworded).changes).toEqual(
    nodeSection(resourceChanges(events), events).changes,
  );
});

test("a plan in another format is left out", () => {
  const newer = changed({ version: 2 });
  expect(rolloutPlans(newer)).toEqual([]);
  expect(nodeSection(resourceChanges(newer), newer).rollout).toBeNull();
});
