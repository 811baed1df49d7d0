import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { compareProperties } from "./diff.ts";
import type { PropertyChange } from "./diff.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Properties } from "./values.ts";

const { Kind } = messages.PropertyDiff;

const kinds = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

/** All changes: of properties, and those that only the resource type itself can see. */
export async function resourceChanges<Client>(
  type: ResourceType<Client>,
  client: Client,
  state: Properties,
  inputs: Properties,
  ignored: readonly string[],
): Promise<PropertyChange[]> {
  const changes = compareProperties(type.inputs, state, inputs, ignored);
  const further = (await type.furtherChanges?.(client, state, inputs)) ?? {};
  for (const [path, effect] of Object.entries(further)) {
    const known = changes.findIndex((change) => change.path === path);
    if (known >= 0) changes.splice(known, 1);
    changes.push({ path, kind: "update", replaces: effect === "replace" });
  }
  return type.update === undefined ? changes.map((change) => ({ ...change, replaces: true })) : changes;
}

function topLevel(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

/** A name that the program itself chose and keeps is taken until the old resource is gone. */
function nameIsTaken(type: ResourceType<never>, oldInputs: Properties, inputs: Properties): boolean {
  return Object.entries(type.inputs).some(
    ([property, rule]) => rule.default === "generated" && oldInputs[property] === inputs[property],
  );
}

export function diffResponse<Client>(
  type: ResourceType<Client>,
  changes: PropertyChange[],
  oldInputs: Properties,
  inputs: Properties,
) {
  const response = new messages.DiffResponse().setHasdetaileddiff(true);
  if (changes.length === 0) return response.setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE);
  const detailed = response.getDetaileddiffMap();
  for (const { path, kind, replaces } of changes)
    detailed.set(path, new messages.PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]));
  const replaced = new Set(changes.filter((change) => change.replaces).map(({ path }) => topLevel(path)));
  return response
    .setChanges(messages.DiffResponse.DiffChanges.DIFF_SOME)
    .setDiffsList([...new Set(changes.map(({ path }) => topLevel(path)))])
    .setReplacesList([...replaced])
    .setDeletebeforereplace(replaced.size > 0 && nameIsTaken(type, oldInputs, inputs));
}
