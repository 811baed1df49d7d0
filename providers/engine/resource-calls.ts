import * as grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type * as requests from "@pulumi/pulumi/proto/provider_pb.js";
import { checkInputs } from "./check.ts";
import { diffResponse, resourceChanges } from "./diff-response.ts";
import { emptyMessages } from "./google-protobuf.ts";
import { StatusError } from "./grpc-server.ts";
import { incompleteResource, toStruct } from "./incomplete.ts";
import { failureMessages, properties, resourceName, resourceToken } from "./requests.ts";
import { IncompleteResourceError } from "./resource-type.ts";
import type { Operation, PluginDefinition, ResourceType } from "./resource-type.ts";
import {
  keptInputs,
  markedInputs,
  markedState,
  plannedCreation,
  plannedUpdate,
  refreshedInputs,
  withStateDefaults,
} from "./state.ts";
import { containsUnknown } from "./values.ts";
import type { Properties } from "./values.ts";

const hour = 3600;
/** Node has no longer timer: 24 days in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** What the engine asks of one resource, answered by the tables of a plugin. */
export class ResourceCalls<Client> {
  readonly #definition: PluginDefinition<Client>;
  readonly #client: () => Client;
  readonly #cancelled: AbortSignal;

  /** `client` throws while the provider is not configured; `cancelled` aborts what is under way. */
  constructor(definition: PluginDefinition<Client>, client: () => Client, cancelled: AbortSignal) {
    this.#definition = definition;
    this.#client = client;
    this.#cancelled = cancelled;
  }

  check(request: requests.CheckRequest) {
    const type = this.#typeOf(request.getUrn());
    const checked = checkInputs(
      type.inputs,
      properties(request.getNews()),
      properties(request.getOlds()),
      resourceName(request.getUrn()),
    );
    const failures = [...checked.failures];
    if (failures.length === 0 && !containsUnknown(checked.inputs))
      failures.push(...(type.check?.(withStateDefaults(type, checked.inputs)) ?? []));
    return new messages.CheckResponse()
      .setInputs(toStruct(markedInputs(type, checked.inputs)))
      .setFailuresList(failureMessages(failures));
  }

  async diff(request: requests.DiffRequest) {
    const type = this.#typeOf(request.getUrn());
    const state = properties(request.getOlds());
    const inputs = withStateDefaults(type, properties(request.getNews()));
    const ignored = request.getIgnorechangesList();
    const changes = await resourceChanges(type, this.#client(), state, inputs, ignored);
    return diffResponse(type, resourceName(request.getUrn()), changes, inputs);
  }

  async create(request: requests.CreateRequest) {
    const type = this.#typeOf(request.getUrn());
    const given = properties(request.getProperties());
    const inputs = withStateDefaults(type, given);
    if (request.getPreview()) {
      const planned = { ...plannedCreation(type, inputs), ...type.plannedOutputs?.(inputs) };
      return new messages.CreateResponse().setProperties(toStruct(markedState(type, planned)));
    }
    const work = type.create(this.#client(), inputs, this.#operation(type, request.getTimeout()));
    const created = await keepingIncomplete(type, given, work);
    const state = markedState(type, { ...keptInputs(type, inputs), ...created.outputs });
    return new messages.CreateResponse().setId(created.id).setProperties(toStruct(state));
  }

  async read(request: requests.ReadRequest) {
    const type = this.#typeOf(request.getUrn());
    const old = properties(request.getProperties());
    const operation = this.#operation(type, request.getTimeout());
    const found = await type.read(this.#client(), request.getId(), old, operation);
    if (found === undefined) return new messages.ReadResponse();
    const state = { ...old, ...found.outputs };
    const inputs = refreshedInputs(type, properties(request.getInputs()), old, state);
    return new messages.ReadResponse()
      .setId(found.id ?? request.getId())
      .setInputs(toStruct(markedInputs(type, inputs)))
      .setProperties(toStruct(markedState(type, state)));
  }

  async update(request: requests.UpdateRequest) {
    const type = this.#typeOf(request.getUrn());
    const state = properties(request.getOlds());
    const given = properties(request.getNews());
    const inputs = withStateDefaults(type, given);
    const response = new messages.UpdateResponse();
    if (request.getPreview())
      return response.setProperties(toStruct(markedState(type, plannedUpdate(type, state, inputs))));
    if (type.update === undefined) throw new Error(`${resourceToken(request.getUrn())} cannot be updated`);
    const operation = this.#operation(type, request.getTimeout());
    const work = type.update(this.#client(), request.getId(), state, inputs, operation);
    const outputs = await keepingIncomplete(type, given, work);
    const kept = plannedUpdate({ inputs: type.inputs, outputs: {} }, state, inputs);
    for (const property of Object.keys(type.outputs)) kept[property] = state[property];
    return response.setProperties(toStruct(markedState(type, { ...kept, ...outputs })));
  }

  async delete(request: requests.DeleteRequest) {
    const type = this.#typeOf(request.getUrn());
    const state = properties(request.getProperties());
    const operation = this.#operation(type, request.getTimeout());
    await type.delete(this.#client(), request.getId(), state, operation);
    return new emptyMessages.Empty();
  }

  #typeOf(urn: string): ResourceType<Client> {
    const token = resourceToken(urn);
    const type = this.#definition.resources[token];
    if (type === undefined)
      throw new StatusError(
        grpc.status.UNIMPLEMENTED,
        `the ${this.#definition.name} plugin has no resource ${token}`,
      );
    return type;
  }

  /** `timeout` in seconds; 0 if the program sets none. */
  #operation(type: ResourceType<Client>, timeout: number): Operation {
    const seconds = timeout > 0 ? timeout : (type.defaultTimeout ?? hour);
    const tooLate = AbortSignal.timeout(Math.min(seconds * 1000, longestTimer));
    return { signal: AbortSignal.any([this.#cancelled, tooLate]) };
  }
}

/** Passes a failure on; one that left a resource behind with the state that the engine has to keep. */
async function keepingIncomplete<Client, Result>(
  type: ResourceType<Client>,
  inputs: Properties,
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof IncompleteResourceError)) throw error;
    const state = markedState(type, { ...keptInputs(type, inputs), ...error.outputs });
    throw incompleteResource(error.message, error.id, state, markedInputs(type, inputs));
  }
}
