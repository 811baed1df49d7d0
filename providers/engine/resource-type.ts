import type { Properties, Value } from "./values.ts";

/** One input of a resource, a function or a provider. */
export interface InputProperty {
  readonly type: "string" | "number" | "boolean" | "list" | "map";
  readonly required?: true;
  /** A change replaces the resource. The text says why, for the reader of the table. */
  readonly replaces?: string;
  /** Used when the program gives no value. `"generated"` derives a name from the resource's name. */
  readonly default?: Value;
  /** What the provider uses and the state shows when the program gives no value. The inputs stay without it. */
  readonly stateDefault?: Value;
  /** What the state keeps of the value. Default: the value itself. */
  readonly kept?: (value: Value) => Value;
  /** When the program gives no value the provider finds one, so its absence is no change. */
  readonly computed?: true;
  /** Secret in the state even when the program's value is not. */
  readonly secret?: true;
  /** A list whose order means nothing, lists inside it included. */
  readonly unordered?: true;
  /** What two values are compared as, each with the properties beside it. Default: the value itself. */
  readonly comparable?: (value: Value, properties: Properties) => Value;
  /** Why a value is wrong, or undefined. Not called for unknown values. */
  readonly problem?: (value: Value) => string | undefined;
}

/** One output that is not an input. */
export interface OutputProperty {
  readonly secret?: true;
  /** Not known before an update has been made. Default: an update leaves it as it is. */
  readonly changesOnUpdate?: true;
}

/** What the engine says about the operation under way. */
export interface Operation {
  /** Aborts when `customTimeouts`, or else `defaultTimeout`, has passed, or the update is cancelled. */
  readonly signal: AbortSignal;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Everything a plugin knows of one resource type; `Client` is what the provider's configuration becomes. */
export interface ResourceType<Client> {
  readonly inputs: Readonly<Record<string, InputProperty>>;
  readonly outputs: Readonly<Record<string, OutputProperty>>;
  /** Seconds, when the program sets no `customTimeouts`. Default: an hour. */
  readonly defaultTimeout?: number;
  /** Problems that involve several properties. Not called while an input is unknown. */
  check?(inputs: Properties): CheckFailure[];
  /** Further changes that the comparison of properties cannot see, by property: what a change of it makes. */
  furtherChanges?(
    client: Client,
    state: Properties,
    inputs: Properties,
  ): Promise<Record<string, "update" | "replace">>;
  /** Outputs that a preview of a creation knows already. Default: none. */
  plannedOutputs?(inputs: Properties): Properties;
  create(
    client: Client,
    inputs: Properties,
    operation: Operation,
  ): Promise<{ id: string; outputs: Properties }>;
  /** The resource's properties as they are now, or undefined when it is gone. `state` is empty on import. */
  read(
    client: Client,
    id: string,
    state: Properties,
    operation: Operation,
  ): Promise<{ id?: string; outputs: Properties } | undefined>;
  /** Absent: every change replaces. */
  update?(
    client: Client,
    id: string,
    state: Properties,
    inputs: Properties,
    operation: Operation,
  ): Promise<Properties>;
  delete(client: Client, id: string, state: Properties, operation: Operation): Promise<void>;
}

/** A function that programs invoke. */
export interface ProviderFunction<Client> {
  readonly inputs: Readonly<Record<string, InputProperty>>;
  invoke(client: Client, inputs: Properties): Promise<Properties>;
}

/** A whole plugin. */
export interface PluginDefinition<Client> {
  /** Such as `random`. */
  readonly name: string;
  /** Of the published package whose tokens it serves. */
  readonly version: string;
  /** It stands for a plugin of somebody else, and says so with its version. Default: false. */
  readonly isStandIn?: true;
  readonly configuration: Readonly<Record<string, InputProperty>>;
  configure(configuration: Properties): Client | Promise<Client>;
  readonly resources: Readonly<Record<string, ResourceType<Client>>>;
  readonly functions: Readonly<Record<string, ProviderFunction<Client>>>;
}

/** The resource exists, but not as it should: the engine keeps it and the next update mends it. */
export class IncompleteResourceError extends Error {
  readonly id: string;
  readonly outputs: Properties;

  constructor(message: string, id: string, outputs: Properties) {
    super(message);
    this.id = id;
    this.outputs = outputs;
  }
}
