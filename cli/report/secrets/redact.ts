import { secretForms } from "./secret-forms.ts";

/**
 * The value with every secret in its texts replaced by `[secret]`, in each of its `secretForms`. Nothing here should hold
 * one; this keeps out what a provider's or a policy's message may repeat.
 */
export function redact<Value>(value: Value, secrets: readonly string[]): Value {
  const forms = new Set(secrets.flatMap(secretForms));
  const longestFirst = [...forms].sort((one, other) => other.length - one.length);
  const clean = (part: unknown): unknown => {
    if (typeof part === "string")
      return longestFirst.reduce((text, form) => text.replaceAll(form, "[secret]"), part);
    if (Array.isArray(part)) return part.map(clean);
    if (typeof part === "object" && part !== null)
      return Object.fromEntries(Object.entries(part).map(([key, entry]) => [key, clean(entry)]));
    return part;
  };
  return clean(value) as Value;
}

/**
 * The secrets but for those that are a name in the report, or a word of one: without them nobody could read it, and whoever
 * reads a name learns nothing. Says whether there are such.
 */
export function hideable(
  secrets: readonly string[],
  names: readonly string[],
): { readonly secrets: string[]; readonly areNames: boolean } {
  const words = new Set(names.flatMap((name) => [name, ...name.split("-")]));
  const hidden = secrets.filter((secret) => !words.has(secret.trim()));
  return { secrets: hidden, areNames: hidden.length < secrets.length };
}

/** A secret's text, and if that is JSON every text in it. */
export function secretTexts(value: unknown): string[] {
  if (typeof value === "string") {
    try {
      const parsed: unknown = JSON.parse(value);
      return typeof parsed === "object" ? [value, ...secretTexts(parsed)] : [value];
    } catch {
      return [value];
    }
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(secretTexts);
}
