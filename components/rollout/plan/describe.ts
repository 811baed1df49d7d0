import { refreshCommand } from "../recovery.ts";
import { isNodeOf } from "../../nodes/names.ts";
import type { RolloutPlan, SlotAction } from "./plan.ts";

/** How a plan in words begins. */
export const rolloutPrefix = "rollout: ";
const createdIntro = "created first:";
const replacedIntro = "replaced one after another:";

/** The plan in words, or undefined if it changes nothing. */
export function describePlan(plan: RolloutPlan): string | undefined {
  const { waves, removals, deadServers, deadNodes, refusals } = plan;
  const decisions = waves.flat();
  const slots = (...actions: SlotAction[]) =>
    decisions.filter(({ action }) => actions.includes(action)).map(({ declared }) => declared.slot);
  const changed = decisions
    .filter(({ action }) => action === "replace" || action === "resize")
    .map(({ declared, action, server }) => {
      const notes = [...(action === "resize" ? ["resized"] : []), ...(server?.leads ? ["leader"] : [])];
      return notes.length > 0 ? `${declared.slot} (${notes.join(", ")})` : declared.slot;
    });
  // Pulumi cannot be asked whether it knows that their droplets are gone.
  const lost = decisions.filter(
    ({ action, declared }) =>
      action === "create" && deadNodes.some(({ name }) => isNodeOf(declared.dropletName, name)),
  );
  const undrained = decisions.filter(({ action, node }) => action === "keep" && node?.drained);
  const list = (intro: string, items: readonly string[]) =>
    items.length > 0 ? [`${intro} ${items.join(", ")}`] : [];
  const parts = [
    ...list(
      "dead servers dropped:",
      deadServers.map(({ name, id }) => name || id),
    ),
    ...list(createdIntro, slots("create")),
    ...list("waited for:", slots("join")),
    ...list(
      "taken into service again:",
      undrained.map(({ declared }) => declared.slot),
    ),
    ...list(replacedIntro, changed),
    ...list(
      "then drained and removed:",
      removals.map(({ slot }) => slot),
    ),
    ...list("but it will be refused:", refusals),
    ...(lost.length > 0
      ? [
          `if it fails because Pulumi still has the last droplet of ${lost.map(({ declared }) => declared.slot).join(" or ")}, run \`${refreshCommand}\``,
        ]
      : []),
  ];
  return parts.length > 0 ? `${rolloutPrefix}${parts.join("; ")}` : undefined;
}

/** The slots that a plan in words creates, replaces or resizes, in their order. */
export function changeOrder(words: string): string[] {
  return [createdIntro, replacedIntro].flatMap((intro) => {
    const [, after = ""] = words.split(`${intro} `);
    const [list = ""] = after.split(";");
    return [...list.matchAll(/(server|client)-\d+/g)].map(([slot]) => slot);
  });
}
