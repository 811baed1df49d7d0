import type { InputProperty, ResourceType } from "../../../../providers/engine/resource-type.ts";
import type { Value } from "../../../../providers/engine/values.ts";
import { withStateDefaults } from "../../../../providers/engine/state.ts";
import { password, passwordFailures } from "./password.ts";

/** An even draw from 0 up to, not including, `limit`. */
export type Draw = (limit: number) => number;

const drawnOnce = "a random value is drawn once and kept";
const keepers: InputProperty = { type: "map", replaces: "a changed keeper asks for a new value" };
const size: InputProperty = {
  type: "number",
  required: true,
  replaces: drawnOnce,
  problem: (value: Value) =>
    Number.isInteger(value) && Number(value) >= 1 ? undefined : "has to be a whole number from 1 up",
};
const flag = (value: boolean): InputProperty => ({
  type: "boolean",
  stateDefault: value,
  replaces: drawnOnce,
});
const count: InputProperty = { type: "number", stateDefault: 0, replaces: drawnOnce };

export const randomPassword: ResourceType<Draw> = {
  inputs: {
    keepers,
    length: size,
    lower: flag(true),
    upper: flag(true),
    numeric: flag(true),
    special: flag(true),
    minLower: count,
    minUpper: count,
    minNumeric: count,
    minSpecial: count,
    overrideSpecial: { type: "string", replaces: drawnOnce },
  },
  // The published bcryptHash is left out: nothing here reads it and Node has no bcrypt.
  outputs: { result: { secret: true } },
  check: passwordFailures,
  create: (draw, inputs) => Promise.resolve({ id: "none", outputs: { result: password(inputs, draw) } }),
  // Nothing outside keeps the password, so a read confirms the state. It is imported by the password itself, which must
  // not stay its id: ids are shown.
  read: (_draw, id, state) =>
    Promise.resolve(
      Object.keys(state).length > 0
        ? { id, outputs: state }
        : {
            id: "none",
            outputs: { ...withStateDefaults(randomPassword, {}), length: id.length, result: id },
          },
    ),
  delete: () => Promise.resolve(),
};
