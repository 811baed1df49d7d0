import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { changeOrder, rolloutPrefix } from "../../components/rollout/plan/describe.ts";
import type { NodeChange, NodeSection, ResourceSummary, SecretChange } from "./preview-report.ts";
import { textProperty } from "./resource-changes.ts";
import type { ResourceChange } from "./resource-changes.ts";

export const resourceTypes = {
  droplet: "digitalocean:index/droplet:Droplet",
  volume: "digitalocean:index/volume:Volume",
  reservedIp: "digitalocean:index/reservedIp:ReservedIp",
  job: "nomad:index/job:Job",
  variable: "nomad:index/variable:Variable",
} as const;

const secretTypes = [resourceTypes.variable, "nomad:index/aclToken:AclToken"];
const secretPackages = ["random:", "tls:"];

type Changed = ResourceChange & { readonly action: Exclude<ResourceChange["action"], "same"> };

function changed(changes: readonly ResourceChange[]): Changed[] {
  return changes.filter((change): change is Changed => change.custom && change.action !== "same");
}

const holdsSecrets = ({ type }: ResourceChange) =>
  secretTypes.includes(type) || secretPackages.some((prefix) => type.startsWith(prefix));

/** Droplets that change, in the order of the rollout. */
export function nodeSection(changes: readonly ResourceChange[], events: readonly EngineEvent[]): NodeSection {
  const rollout = rolloutWords(events);
  const order = rollout === null ? [] : changeOrder(rollout);
  const place = (node: string) => {
    const index = order.findIndex((slot) => node === slot || node.endsWith(`-${slot}`));
    return index === -1 ? order.length : index;
  };
  const nodes = changed(changes)
    .filter(({ type }) => type === resourceTypes.droplet)
    .map(nodeChange)
    .sort((one, other) => place(one.node) - place(other.node));
  return { changes: nodes, rollout };
}

function nodeChange(change: Changed): NodeChange {
  const { action, properties } = change;
  const name = textProperty(change.new ?? change.old, "name");
  const node = name.state === "known" ? name.value : change.name;
  switch (action) {
    case "create":
      return { node, action, properties: [] };
    case "delete":
      return { node, action: "remove", properties: [] };
    case "replace":
      return { node, action, properties };
    case "update":
      return { node, action: properties.includes("size") ? "resize" : "update", properties };
  }
}

/** What the cluster component says of its rollout; of several clusters all of it. */
function rolloutWords(events: readonly EngineEvent[]): string | null {
  const words = events.flatMap(({ diagnosticEvent }) => {
    const message = diagnosticEvent?.message.trim();
    return message?.startsWith(rolloutPrefix) ? [message.slice(rolloutPrefix.length)] : [];
  });
  return words.length > 0 ? [...new Set(words)].join("; ") : null;
}

/** Variables, tokens, keys and certificates that change. */
export function secretChanges(changes: readonly ResourceChange[]): SecretChange[] {
  return changed(changes)
    .filter(holdsSecrets)
    .map((change) => {
      const path = textProperty(change.new ?? change.old, "path");
      return {
        resource: change.name,
        type: change.type,
        action: change.action,
        ...(path.state === "known" && { path: path.value }),
      };
    });
}

/** What is neither node, nor job, nor secret. */
export function otherChanges(changes: readonly ResourceChange[]): ResourceSummary[] {
  return changed(changes)
    .filter(
      (change) =>
        change.type !== resourceTypes.droplet && change.type !== resourceTypes.job && !holdsSecrets(change),
    )
    .map(({ name, type, action, properties }) => ({
      resource: name,
      type,
      action,
      properties: action === "create" || action === "delete" ? [] : properties,
    }));
}
