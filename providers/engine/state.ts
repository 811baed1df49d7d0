import { sameProperty } from "./diff.ts";
import { secret, unknown, withoutAbsent } from "./values.ts";
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

/** The inputs with what the provider takes for those that the program leaves out. */
export function withStateDefaults(type: Pick<Tables, "inputs">, inputs: Properties): Properties {
  const filled = { ...inputs };
  for (const [property, rule] of Object.entries(type.inputs)) filled[property] ??= rule.stateDefault;
  return withoutAbsent(filled);
}

/** The inputs as the state keeps them. */
export function keptInputs(type: Pick<Tables, "inputs">, inputs: Properties): Properties {
  const kept = withStateDefaults(type, inputs);
  for (const [property, rule] of Object.entries(type.inputs)) {
    const value = kept[property];
    if (rule.kept !== undefined && value !== undefined && value !== unknown)
      kept[property] = rule.kept(value);
  }
  return kept;
}

/** The program's inputs: those that the table calls secret are marked so, even when given plain. */
export function markedInputs(type: Pick<Tables, "inputs">, inputs: Properties): Properties {
  const marked = { ...inputs };
  for (const [property, rule] of Object.entries(type.inputs)) {
    const value = marked[property];
    if (rule.secret && value !== undefined && value !== null && value !== unknown)
      marked[property] = secret(value);
  }
  return marked;
}

/** What a preview of a creation knows: the inputs; everything computed is unknown. */
export function plannedCreation(type: Tables, inputs: Properties): Properties {
  const planned = keptInputs(type, inputs);
  for (const property of Object.keys(type.outputs)) planned[property] = unknown;
  for (const [property, rule] of Object.entries(type.inputs))
    if (rule.computed && planned[property] === undefined) planned[property] = unknown;
  return planned;
}

/** What a preview of an update knows: inputs as given, computed values as they are unless an update changes them. */
export function plannedUpdate(type: Tables, state: Properties, inputs: Properties): Properties {
  const planned = keptInputs(type, inputs);
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
    const unchanged = sameProperty(type.inputs[property], oldState[property], state[property], {
      left: oldState,
      right: state,
    });
    inputs[property] = unchanged ? value : state[property];
  }
  return withoutAbsent(inputs);
}
