const copied = [
  ...["type", "enum", "const", "format", "pattern", "required", "multipleOf"],
  ...["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"],
];
const combined = ["allOf", "anyOf", "oneOf"];

/**
 * What a schema of OpenAPI 3.0 demands, as JSON Schema: names, types, required fields, formats and bounds, without any
 * text, example or default. `rename` turns a `$ref` into the one that the result shall have; `propertiesAt` is the facts of
 * the properties that a `$ref` in their place points at.
 */
export function schemaFacts(
  schema: unknown,
  rename: (ref: string) => string,
  propertiesAt: (ref: string) => unknown,
): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  const given = schema as Readonly<Record<string, unknown>>;
  const ref = given["$ref"];
  if (typeof ref === "string") return { $ref: rename(ref) };
  const facts: Record<string, unknown> = {};
  for (const key of copied) if (given[key] !== undefined) facts[key] = given[key];
  const inner = (value: unknown) => schemaFacts(value, rename, propertiesAt);
  if (given["properties"] !== undefined) {
    const properties = given["properties"] as Readonly<Record<string, unknown>>;
    const elsewhere = properties["$ref"];
    facts["properties"] =
      typeof elsewhere === "string"
        ? propertiesAt(elsewhere)
        : Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, inner(value)]));
  }
  if (given["items"] !== undefined) facts["items"] = inner(given["items"]);
  if (given["additionalProperties"] !== undefined)
    facts["additionalProperties"] = inner(given["additionalProperties"]);
  for (const key of combined) {
    if (given[key] === undefined) continue;
    const parts = (given[key] as unknown[]).map(inner);
    // A part that held only a description demands nothing. In the other two it is a choice of its own.
    const kept = key === "allOf" ? parts.filter((part) => Object.keys(part as object).length > 0) : parts;
    if (kept.length > 0) facts[key] = kept;
  }
  return given["nullable"] === true ? orNull(facts) : facts;
}

function orNull(facts: Readonly<Record<string, unknown>>): unknown {
  return { anyOf: [facts, { type: "null" }] };
}
