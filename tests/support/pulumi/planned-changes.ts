/** A resource that a preview says will change. */
export interface PlannedChange {
  /** What the engine will do, for example `replace`, or `create`. */
  readonly operation: string;
  readonly type: string;
  readonly name: string;
}

interface Preview {
  readonly steps?: readonly { readonly op: string; readonly urn: string }[];
}

/** Steps of a replacement beside the one that is called so. */
const partsOfReplace = ["create-replacement", "delete-replaced"];
const unchanged = ["same", "read", "refresh"];

/** What `pulumi preview --json` says will change; one entry a resource and operation. */
export function plannedChanges(previewJson: string): PlannedChange[] {
  const { steps = [] } = JSON.parse(previewJson) as Preview;
  return steps
    .filter(({ op }) => !unchanged.includes(op) && !partsOfReplace.includes(op))
    .map(({ op, urn }) => {
      const [, , types = "", name = ""] = urn.split("::");
      return { operation: op, type: types.slice(types.lastIndexOf("$") + 1), name };
    });
}
