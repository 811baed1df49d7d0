import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { isGeneratedName } from "./check.ts";
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

type Named = Pick<ResourceType<never>, "inputs">;

function topLevel(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

/** A name that the program itself chose may be taken until the old resource is gone. */
function isNamedByProgram(type: Named, resource: string, inputs: Properties): boolean {
  return Object.entries(type.inputs).some(
    ([property, rule]) => rule.default === "generated" && !isGeneratedName(resource, inputs[property]),
  );
}

/** The answer to the engine; `resource` is the name in the resource's URN. */
export function diffResponse(type: Named, resource: string, changes: PropertyChange[], inputs: Properties) {
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
    .setDeletebeforereplace(replaced.size > 0 && isNamedByProgram(type, resource, inputs));
}
