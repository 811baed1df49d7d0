import { randomBytes } from "node:crypto";
import { containsUnknown, isMap, unknown } from "./values.ts";
import type { Properties, Value } from "./values.ts";
import type { CheckFailure, InputProperty } from "./resource-type.ts";

/** The value as the property's type, converted as the official plugins do; undefined when it cannot be. */
function converted(value: Value, type: InputProperty["type"]): Value {
  if (value === unknown) return value;
  switch (type) {
    case "string":
      return typeof value === "number" || typeof value === "boolean"
        ? String(value)
        : typeof value === "string"
          ? value
          : undefined;
    case "number":
      return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))
        ? Number(value)
        : typeof value === "number"
          ? value
          : undefined;
    case "boolean":
      if (value === "true" || value === "false") return value === "true";
      return typeof value === "boolean" ? value : undefined;
    case "list":
      return Array.isArray(value) ? value : undefined;
    case "map":
      return isMap(value) ? value : undefined;
  }
}

/** Whether a name has the form of those made for resources that the program does not name. */
export function isGeneratedName(resource: string, name: Value): name is string {
  if (typeof name !== "string" || !name.startsWith(`${resource}-`)) return false;
  return /^[0-9a-f]{7}$/.test(name.slice(resource.length + 1));
}

/** Seven hex digits after the resource's name, kept for as long as the program names nothing. */
function generatedName(resource: string, old: Value): string {
  if (isGeneratedName(resource, old)) return old;
  return `${resource}-${randomBytes(4).toString("hex").slice(0, 7)}`;
}

/** Inputs with defaults and converted values, and what is wrong with them, each failure naming its property. */
export function checkInputs(
  table: Readonly<Record<string, InputProperty>>,
  given: Properties,
  previous: Properties = {},
  resource = "",
): { inputs: Properties; failures: CheckFailure[] } {
  const failures: CheckFailure[] = [];
  const inputs: Properties = {};
  for (const property of Object.keys(given)) {
    if (!(property in table) && !property.startsWith("__"))
      failures.push({ property, reason: `an unexpected argument "${property}" was provided` });
  }
  for (const [property, rule] of Object.entries(table)) {
    const value = given[property];
    if (value === undefined || value === null) {
      if (rule.required) failures.push({ property, reason: `missing required property "${property}"` });
      else if (rule.default === "generated") inputs[property] = generatedName(resource, previous[property]);
      else if (rule.default !== undefined) inputs[property] = rule.default;
      continue;
    }
    const result = converted(value, rule.type);
    if (result === undefined) {
      failures.push({
        property,
        reason: `expected a ${rule.type}, got ${Array.isArray(value) ? "list" : typeof value}`,
      });
      continue;
    }
    inputs[property] = result;
    const problem = containsUnknown(result) ? undefined : rule.problem?.(result);
    if (problem !== undefined) failures.push({ property, reason: problem });
  }
  return { inputs, failures };
}
