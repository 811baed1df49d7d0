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

/** Leaves out the elements that both lists have, wherever they stand, and keeps the others with their index. */
function unmatched(old: Value[], next: Value[]): { old: [number, Value][]; next: [number, Value][] } {
  const left = new Map<string, number>();
  for (const item of old) left.set(canonicalText(item), (left.get(canonicalText(item)) ?? 0) + 1);
  const onlyNext: [number, Value][] = [];
  for (const [index, item] of next.entries()) {
    const count = left.get(canonicalText(item)) ?? 0;
    if (count > 0) left.set(canonicalText(item), count - 1);
    else onlyNext.push([index, item]);
  }
  const onlyOld: [number, Value][] = [];
  for (const [index, item] of [...old.entries()].reverse()) {
    const count = left.get(canonicalText(item)) ?? 0;
    if (count === 0) continue;
    left.set(canonicalText(item), count - 1);
    onlyOld.unshift([index, item]);
  }
  return { old: onlyOld, next: onlyNext };
}

function compareUnordered(path: string, old: Value[], next: Value[], found: Found): void {
  const rest = unmatched(old, next);
  for (const [position, [index, item]] of rest.next.entries()) {
    const counterpart = rest.old[position];
    // Only an element at the same place can be shown as changed; the engine looks both sides up by one index.
    if (counterpart?.[0] === index) compare(`${path}[${index}]`, counterpart[1], item, true, found);
    else found.set(`${path}[${index}]`, index < old.length ? "update" : "add");
  }
  for (const [index] of rest.old) {
    const shown = [...found.keys()].some((key) => key.startsWith(`${path}[${index}]`));
    if (!shown) found.set(`${path}[${index}]`, index < next.length ? "update" : "delete");
  }
}

function compare(path: string, old: Value, next: Value, unordered: boolean, found: Found): void {
  if (containsUnknown(next) && !isMap(next) && !Array.isArray(next))
    found.set(path, isEmpty(old) ? "add" : "update");
  else if (sameValue(old, next)) return;
  else if (isEmpty(old) && !isEmpty(next))
    found.set(path, old === undefined || old === null ? "add" : "update");
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
    const comparable = rule.comparable ?? ((value: Value) => value);
    if (!containsUnknown(next) && sameValue(comparable(before), comparable(next))) continue;
    const found: Found = new Map();
    compare(property, before, next, rule.unordered ?? false, found);
    // Such as an empty element more in a list: no path inside shows it.
    if (found.size === 0 && !rule.unordered) found.set(property, "update");
    for (const [path, kind] of found) changes.push({ path, kind, replaces: rule.replaces !== undefined });
  }
  return changes;
}
