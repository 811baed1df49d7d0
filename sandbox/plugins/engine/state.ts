import { sameValue, secret, unknown, withoutAbsent } from "./values.ts";
import type { Properties } from "./values.ts";
import type { ResourceType } from "./resource-type.ts";

type Tables = Pick<ResourceType<unknown>, "inputs" | "outputs">;

/** The state that the engine keeps: what the table calls secret is marked so. */
export function markedState(type: Tables, state: Properties): Properties {
  const marked = { ...state };
  for (const [property, rule] of [...Object.entries(type.inputs), ...Object.entries(type.outputs)]) {
    if (rule.secret && marked[property] !== undefined && marked[property] !== null)
      marked[property] = secret(marked[property]);
  }
  return withoutAbsent(marked);
}

/** What a preview of a creation knows: the inputs; everything computed is unknown. */
export function plannedCreation(type: Tables, inputs: Properties): Properties {
  const planned: Properties = { ...inputs };
  for (const property of Object.keys(type.outputs)) planned[property] = unknown;
  for (const [property, rule] of Object.entries(type.inputs))
    if (rule.computed && planned[property] === undefined) planned[property] = unknown;
  return planned;
}

/** What a preview of an update knows: inputs as given, computed values as they are unless an update changes them. */
export function plannedUpdate(type: Tables, state: Properties, inputs: Properties): Properties {
  const planned: Properties = { ...inputs };
  for (const [property, rule] of Object.entries(type.outputs))
    planned[property] = rule.changesOnUpdate ? unknown : state[property];
  for (const [property, rule] of Object.entries(type.inputs))
    if (rule.computed && planned[property] === undefined) planned[property] = state[property];
  return planned;
}

/**
 * The program's inputs after a refresh: those whose property is found changed take its new value, so the state shows
 * what is there. `old` empty means import: every input that has a value.
 */
export function refreshedInputs(
  type: Tables,
  old: Properties,
  oldState: Properties,
  state: Properties,
): Properties {
  if (Object.keys(oldState).length === 0) {
    const imported = Object.keys(type.inputs).map((property) => [property, state[property]] as const);
    return withoutAbsent(Object.fromEntries(imported));
  }
  const inputs: Properties = {};
  for (const [property, value] of Object.entries(old)) {
    const comparable = type.inputs[property]?.comparable ?? ((item) => item);
    const unchanged = sameValue(comparable(oldState[property]), comparable(state[property]));
    inputs[property] = unchanged ? value : state[property];
  }
  return withoutAbsent(inputs);
}
