import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { Action } from "./preview-report.ts";

/** Inputs of a resource as the engine's events show them, secrets masked. */
export type Properties = Readonly<Record<string, unknown>>;

/** What a preview says of one resource. */
export interface ResourceChange {
  readonly urn: string;
  readonly name: string;
  /** Type token, for example `digitalocean:index/droplet:Droplet`. */
  readonly type: string;
  readonly action: Action | "same";
  /** Names of the properties that change. */
  readonly properties: readonly string[];
  /** Inputs before; undefined for one that is created. */
  readonly old?: Properties;
  /** Inputs after; undefined for one that is deleted. */
  readonly new?: Properties;
  /** URN of its provider; empty if it has none. */
  readonly provider: string;
  /** False for components. */
  readonly custom: boolean;
}

/** Steps that change nothing, or nothing that this stack manages, are none of them. */
const actions: Readonly<Record<string, ResourceChange["action"]>> = {
  same: "same",
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
  delete: "delete",
};

/** One entry a resource, in the order in which the engine comes to them; the steps of a replacement are one change. */
export function resourceChanges(events: readonly EngineEvent[]): ResourceChange[] {
  const changes = new Map<string, ResourceChange>();
  for (const { resourcePreEvent } of events) {
    if (!resourcePreEvent) continue;
    const { op, urn, type, old, new: next, keys, diffs, provider } = resourcePreEvent.metadata;
    const action = actions[op];
    if (action === undefined) continue;
    const known = changes.get(urn);
    const before = known?.old ?? old?.inputs;
    const after = op === "delete-replaced" ? known?.new : (next?.inputs ?? known?.new);
    const properties = new Set([...(known?.properties ?? []), ...(keys ?? []), ...(diffs ?? [])]);
    changes.set(urn, {
      urn,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      type,
      action,
      // Only the top level: below it are the names inside a secret.
      properties: [...properties].map((property) => property.split(/[.[]/)[0] ?? property).sort(),
      ...(before && action !== "create" && { old: before }),
      ...(after && action !== "delete" && { new: after }),
      provider: provider.split("::").slice(0, 4).join("::"),
      custom: (next ?? old)?.custom === true,
    });
  }
  return [...changes.values()];
}

/** What stands for a value that is known only after the update. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type TextProperty =
  { readonly state: "known"; readonly value: string } | { readonly state: "unknown" | "secret" | "missing" };

/** A text among a resource's inputs, or why it cannot be read. */
export function textProperty(properties: Properties | undefined, name: string): TextProperty {
  const value = properties?.[name];
  if (value === undefined || value === null) return { state: "missing" };
  if (typeof value === "string")
    return value === unknownValue ? { state: "unknown" } : { state: "known", value };
  return { state: "secret" };
}
