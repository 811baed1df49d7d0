import { isNodeOf, nodeNameOf } from "../../nodes/names.ts";
import { refreshCommand } from "../recovery.ts";
import type { RolloutPlan, SlotAction } from "./plan.ts";
import { unlistedServers } from "./quorum.ts";

/** The plan in English, or undefined if it changes nothing. */
export function formatPlan(plan: RolloutPlan): string | undefined {
  const { waves, removals, deadServers, deadNodes, refusals, untagged, off, unlisted } = plan;
  const decisions = waves.flat();
  const slots = (...actions: SlotAction[]) =>
    decisions.filter(({ action }) => actions.includes(action)).map(({ desired }) => desired.slot);
  const changed = decisions
    .filter(({ action }) => action === "replace" || action === "resize")
    .map(({ desired, action, server }) => {
      const notes = [...(action === "resize" ? ["resized"] : []), ...(server?.leads ? ["leader"] : [])];
      return notes.length > 0 ? `${desired.slot} (${notes.join(", ")})` : desired.slot;
    });
  // Pulumi cannot be asked whether it knows that their droplets are gone.
  const lost = decisions.filter(
    ({ action, desired }) =>
      action === "create" && deadNodes.some(({ name }) => isNodeOf(desired.dropletName, name)),
  );
  const undrained = decisions.filter(({ action, node }) => action === "keep" && node?.drained);
  const list = (intro: string, items: readonly string[]) =>
    items.length > 0 ? [`${intro} ${items.join(", ")}`] : [];
  const parts = [
    ...list("the cluster's tag, which somebody removed, put back on:", untagged.map(nodeNameOf)),
    ...list("powered on:", off.map(nodeNameOf)),
    ...list(
      "dead servers dropped:",
      deadServers.map(({ name, id }) => name || id),
    ),
    ...list("created first:", slots("create")),
    ...list("waited for:", slots("join")),
    ...list(
      "taken into service again:",
      undrained.map(({ desired }) => desired.slot),
    ),
    ...list("replaced one after another:", changed),
    ...list(
      "then drained and removed:",
      removals.map(({ slot }) => slot),
    ),
    ...list("this update will be refused:", [
      ...(unlisted.length > 0 ? [unlistedServers(unlisted)] : []),
      ...refusals,
    ]),
    ...(lost.length > 0
      ? [
          `if it fails because Pulumi still has the last droplet of ${lost.map(({ desired }) => desired.slot).join(" or ")}, run \`${refreshCommand}\``,
        ]
      : []),
  ];
  return parts.length > 0 ? parts.join("; ") : undefined;
}
