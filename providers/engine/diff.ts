import { canonicalText, containsUnknown, isEmpty, isMap, sameValue } from "./values.ts";
import type { Properties, Value } from "./values.ts";
import type { InputProperty } from "./resource-type.ts";

export type ChangeKind = "add" | "delete" | "update";

/** A change at a property path such as `inboundRules[0].sourceTags[1]`. */
export interface PropertyChange {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly replaces: boolean;
}

const identifier = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

function joinKey(path: string, key: string): string {
  return identifier.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

type Found = Map<string, ChangeKind>;

/** The indexes of the elements of `list` that `others` lacks; an element that is there twice has to be there twice. */
function missingFrom(others: Value[], list: Value[]): number[] {
  const left = new Map<string, number>();
  const count = (item: string, change: number) => left.set(item, (left.get(item) ?? 0) + change);
  for (const item of others) count(canonicalText(item, true), 1);
  return list.flatMap((item, index) => {
    const key = canonicalText(item, true);
    if ((left.get(key) ?? 0) === 0) return [index];
    count(key, -1);
    return [];
  });
}

/** A changed element is one more and one less: added by its index in `next`, deleted by that in `old`. */
function compareUnordered(path: string, old: Value[], next: Value[], found: Found): void {
  for (const index of missingFrom(old, next)) found.set(`${path}[${index}]`, "add");
  for (const index of missingFrom(next, old)) {
    const at = `${path}[${index}]`;
    found.set(at, found.has(at) ? "update" : "delete");
  }
}

function compare(path: string, old: Value, next: Value, unordered: boolean, found: Found): void {
  if (containsUnknown(next) && !isMap(next) && !Array.isArray(next))
    found.set(path, isEmpty(old) ? "add" : "update");
  else if (unordered && containsUnknown(next) && Array.isArray(next) && !isEmpty(old))
    found.set(path, "update");
  else if (sameValue(old, next, unordered)) return;
  else if (isEmpty(old) && !isEmpty(next))
    found.set(path, old === undefined || old === null || Array.isArray(old) ? "add" : "update");
  else if (next === undefined || next === null) found.set(path, "delete");
  else if (Array.isArray(old) && Array.isArray(next)) {
    if (unordered) return compareUnordered(path, old, next, found);
    for (let index = 0; index < Math.max(old.length, next.length); index++)
      compare(`${path}[${index}]`, old[index], next[index], false, found);
  } else if (isMap(old) && isMap(next)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(next)]))
      compare(joinKey(path, key), old[key], next[key], unordered, found);
  } else found.set(path, "update");
}

/** Whether two values of an input mean the same. */
export function sameProperty(
  rule: InputProperty | undefined,
  left: Value,
  right: Value,
  besides: { readonly left: Properties; readonly right: Properties },
): boolean {
  const comparable = rule?.comparable ?? ((value: Value) => value);
  return sameValue(comparable(left, besides.left), comparable(right, besides.right), rule?.unordered);
}

/** The changes that turn a resource with properties `old` into what `inputs` ask for. */
export function compareProperties(
  table: Readonly<Record<string, InputProperty>>,
  old: Properties,
  inputs: Properties,
  ignored: readonly string[] = [],
): PropertyChange[] {
  const changes: PropertyChange[] = [];
  for (const [property, rule] of Object.entries(table)) {
    if (ignored.includes(property)) continue;
    const next = inputs[property] ?? rule.stateDefault;
    const before = old[property] ?? rule.stateDefault;
    if (rule.computed && next === undefined) continue;
    if (!containsUnknown(next) && sameProperty(rule, before, next, { left: old, right: inputs })) continue;
    const found: Found = new Map();
    compare(property, before, next, rule.unordered ?? false, found);
    // Such as an empty element more in a list: no path inside shows it.
    if (found.size === 0) found.set(property, "update");
    for (const [path, kind] of found) changes.push({ path, kind, replaces: rule.replaces !== undefined });
  }
  return changes;
}
