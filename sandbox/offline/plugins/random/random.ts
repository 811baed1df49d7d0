import type { InputProperty, PluginDefinition, ResourceType } from "../engine/resource-type.ts";
import type { Properties, Value } from "../engine/values.ts";
import { withStateDefaults } from "../engine/state.ts";
import { password, passwordFailures } from "./password.ts";

/** Where the random values come from. */
export interface RandomSource {
  bytes(count: number): Buffer;
  /** An even draw from 0 up to, not including, `limit`. */
  below(limit: number): number;
  uuid(): string;
}

const drawnOnce = "a random value is drawn once and kept";
const keepers: InputProperty = { type: "map", replaces: "a changed keeper asks for a new value" };
const size = (minimum: number): InputProperty => ({
  type: "number",
  required: true,
  replaces: drawnOnce,
  problem: (value: Value) =>
    Number.isInteger(value) && Number(value) >= minimum
      ? undefined
      : `has to be a whole number from ${minimum} up`,
});
const flag = (value: boolean): InputProperty => ({
  type: "boolean",
  stateDefault: value,
  replaces: drawnOnce,
});
const count: InputProperty = { type: "number", stateDefault: 0, replaces: drawnOnce };

/** Nothing outside keeps a random value: a read confirms the state, or on import takes the id as the value. */
function kept(
  imported: (id: string) => Properties,
  importedId = (id: string) => id,
): ResourceType<RandomSource>["read"] {
  return (_source, id, state) =>
    Promise.resolve(
      Object.keys(state).length > 0 ? { id, outputs: state } : { id: importedId(id), outputs: imported(id) },
    );
}
const forget = () => Promise.resolve();

function idOutputs(bytes: Buffer, prefix: string): Properties {
  return {
    b64Std: prefix + bytes.toString("base64"),
    b64Url: prefix + bytes.toString("base64url"),
    dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
    hex: prefix + bytes.toString("hex"),
  };
}

const randomId: ResourceType<RandomSource> = {
  inputs: { byteLength: size(1), keepers, prefix: { type: "string", replaces: drawnOnce } },
  outputs: { b64Std: {}, b64Url: {}, dec: {}, hex: {} },
  create: (source, inputs) => {
    const bytes = source.bytes(Number(inputs["byteLength"]));
    const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
    return Promise.resolve({ id: bytes.toString("base64url"), outputs: idOutputs(bytes, prefix) });
  },
  read: kept((id) => {
    const [prefix, encoded] = id.includes(",") ? [id.split(",")[0] ?? "", id.split(",")[1] ?? ""] : ["", id];
    const bytes = Buffer.from(encoded, "base64url");
    return { byteLength: bytes.length, ...(prefix === "" ? {} : { prefix }), ...idOutputs(bytes, prefix) };
  }),
  delete: forget,
};

const randomUuid: ResourceType<RandomSource> = {
  inputs: { keepers },
  outputs: { result: {} },
  create: (source) => {
    const result = source.uuid();
    return Promise.resolve({ id: result, outputs: { result } });
  },
  read: kept((id) => {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
      throw new Error("import a random UUID by the UUID itself");
    return { result: id };
  }),
  delete: forget,
};

const randomByteString: ResourceType<RandomSource> = {
  inputs: { keepers, length: size(1) },
  outputs: { base64: { secret: true }, hex: { secret: true } },
  create: (source, inputs) => {
    const bytes = source.bytes(Number(inputs["length"]));
    const outputs = { base64: bytes.toString("base64"), hex: bytes.toString("hex") };
    // As with the official plugin, the id shows the value in plain text.
    return Promise.resolve({ id: outputs.base64, outputs });
  },
  read: kept((id) => {
    const bytes = Buffer.from(id, "base64");
    if (bytes.length === 0 || bytes.toString("base64") !== id)
      throw new Error("import random bytes by their base64");
    return { length: bytes.length, base64: bytes.toString("base64"), hex: bytes.toString("hex") };
  }),
  delete: forget,
};

const randomPassword: ResourceType<RandomSource> = {
  inputs: {
    keepers,
    length: size(1),
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
  create: (source, inputs) =>
    Promise.resolve({ id: "none", outputs: { result: password(inputs, (limit) => source.below(limit)) } }),
  // The id that an import is asked for by is the password, which the state hides.
  read: kept(
    (id) => ({ ...withStateDefaults(randomPassword, {}), length: id.length, result: id }),
    () => "none",
  ),
  delete: forget,
};

/** The plugin, drawing from `source`. */
export function randomPlugin(source: RandomSource): PluginDefinition<RandomSource> {
  return {
    name: "random",
    version: "4.21.2",
    configuration: {},
    configure: () => source,
    resources: {
      "random:index/randomId:RandomId": randomId,
      "random:index/randomUuid:RandomUuid": randomUuid,
      "random:index/randomBytes:RandomBytes": randomByteString,
      "random:index/randomPassword:RandomPassword": randomPassword,
    },
    functions: {},
  };
}
