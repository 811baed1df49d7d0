import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { NodeChange, NodeSection, ResourceSummary, SecretChange } from "./preview-report.ts";
import { rolloutPlans } from "./rollout-plans.ts";
import { textProperty } from "./resource-changes.ts";
import type { ResourceChange } from "./resource-changes.ts";

export const resourceTypes = {
  droplet: "digitalocean:index/droplet:Droplet",
  volume: "digitalocean:index/volume:Volume",
  reservedIp: "digitalocean:index/reservedIp:ReservedIp",
  loadBalancer: "digitalocean:index/loadBalancer:LoadBalancer",
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
  const plans = rolloutPlans(events);
  const order = plans.flatMap(({ changes: planned }) => planned.map(({ droplet }) => droplet));
  const place = (node: string) => {
    const index = order.indexOf(node);
    return index === -1 ? order.length : index;
  };
  const nodes = changed(changes)
    .filter(({ type }) => type === resourceTypes.droplet)
    .map(nodeChange)
    .sort((one, other) => place(one.node) - place(other.node));
  return {
    changes: nodes,
    rollout: plans.length > 0 ? plans.map(({ summary }) => summary).join("; ") : null,
  };
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
