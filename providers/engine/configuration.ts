import { checkInputs } from "./check.ts";
import { isMap } from "./values.ts";
import type { Properties, Value } from "./values.ts";
import type { CheckFailure, PluginDefinition } from "./resource-type.ts";

type Configuration = Pick<PluginDefinition<unknown>, "configuration">;

/** Provider properties that are not strings arrive as JSON. */
function parsed(value: Value, type: string): Value {
  if (type === "string" || typeof value !== "string") return value;
  try {
    const result: unknown = JSON.parse(value);
    return Array.isArray(result) || isMap(result as Value) || type !== "map" ? (result as Value) : value;
  } catch {
    // Not JSON: left as it is, so that the check names the property and the type it should have.
    return value;
  }
}

function decoded({ configuration }: Configuration, given: Properties): Properties {
  const entries = Object.entries(given).map(([property, value]) => [
    property,
    parsed(value, configuration[property]?.type ?? "string"),
  ]);
  const values = Object.fromEntries(entries) as Properties;
  // The engine's own setting, not the provider's.
  delete values["version"];
  return values;
}

/** What is wrong with a provider's configuration, each failure naming its property. */
export function checkConfiguration(definition: Configuration, given: Properties): CheckFailure[] {
  return checkInputs(definition.configuration, decoded(definition, given)).failures;
}

/** The configuration with typed values and defaults. */
export function configurationValues(definition: Configuration, given: Properties): Properties {
  return checkInputs(definition.configuration, decoded(definition, given)).inputs;
}
