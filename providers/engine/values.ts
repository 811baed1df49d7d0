/** A property as the engine sends it. An unknown value of a preview is the string `unknown`. */
export type Value = string | number | boolean | null | undefined | Value[] | { [key: string]: Value };
export interface Properties {
  [key: string]: Value;
}

/** Stands for a value that a preview cannot know yet. Fixed by Pulumi's wire protocol. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export function isMap(value: Value): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `value` is or holds something that a preview cannot know yet. */
export function containsUnknown(value: Value): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isMap(value)) return Object.values(value).some(containsUnknown);
  return value === unknown;
}

/** Marks a value secret for the engine. */
export function secret(value: Value): Value {
  return { [signatureKey]: secretSignature, value };
}

/** The value without the marks of secrets in it. Assets and resource references are refused: no type here has one. */
export function withoutSecrets(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isMap(value)) return value;
  const signature = value[signatureKey];
  if (signature === secretSignature) return withoutSecrets(value["value"]);
  if (signature !== undefined)
    throw new Error(`this plugin does not accept values of kind ${JSON.stringify(signature)}`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}

/** Absent in the sense of Terraform's SDK, where an unset field and its zero value are the same. */
export function isEmpty(value: Value): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.values(value).every(isEmpty);
}

/**
 * A text that is the same for the same value, whatever the order of its keys, and for empty and absent fields;
 * `unordered`, whatever the order of its lists too.
 */
export function canonicalText(value: Value, unordered = false): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonicalText(item, unordered));
    return `[${(unordered ? items.sort() : items).join()}]`;
  }
  if (!isMap(value)) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, item]) => !isEmpty(item));
  fields.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item, unordered)}`).join()}}`;
}

export function sameValue(left: Value, right: Value, unordered = false): boolean {
  if (isEmpty(left) && isEmpty(right)) return true;
  return canonicalText(left, unordered) === canonicalText(right, unordered);
}

/** A copy without the properties that have no value. */
export function withoutAbsent(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** A scalar as text; nothing when it is absent. */
export function text(value: Value): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
