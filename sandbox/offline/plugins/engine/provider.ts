import * as grpc from "@grpc/grpc-js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type * as requests from "@pulumi/pulumi/proto/provider_pb.js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { checkInputs } from "./check.ts";
import { configurationValues, checkConfiguration } from "./configuration.ts";
import { diffResponse, resourceChanges } from "./diff-response.ts";
import { emptyMessages } from "./google-protobuf.ts";
import { servePlugin, StatusError, unary } from "./grpc-server.ts";
import { incompleteResource, toStruct } from "./incomplete.ts";
import { IncompleteResourceError } from "./resource-type.ts";
import type { CheckFailure, Operation, PluginDefinition, ResourceType } from "./resource-type.ts";
import {
  keptInputs,
  markedInputs,
  markedState,
  plannedCreation,
  plannedUpdate,
  refreshedInputs,
  withStateDefaults,
} from "./state.ts";
import { containsUnknown, withoutSecrets } from "./values.ts";
import type { Properties } from "./values.ts";

const hour = 3600;
/** Node has no longer timer: 24 days in milliseconds. */
const longestTimer = 2 ** 31 - 1;

function properties(struct: Struct | undefined): Properties {
  return withoutSecrets(struct?.toJavaScript() ?? {}) as Properties;
}

function failureMessages(failures: CheckFailure[]) {
  return failures.map(({ property, reason }) =>
    new messages.CheckFailure().setProperty(property).setReason(reason),
  );
}

/** The token inside `urn:pulumi:STACK::PROJECT::PARENT$TOKEN::NAME`. */
function tokenOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

const nameOf = (urn: string) => urn.split("::").slice(3).join("::");

/** Serves a plugin: prints its port and answers the engine by the definition's tables. */
export async function serveProvider<Client>(definition: PluginDefinition<Client>): Promise<void> {
  const cancelled = new AbortController();
  let client: { readonly value: Client } | undefined;

  const configured = (): Client => {
    if (client === undefined) throw new Error(`the ${definition.name} provider is not configured`);
    return client.value;
  };
  const resourceType = (urn: string): ResourceType<Client> => {
    const token = tokenOf(urn);
    const type = definition.resources[token];
    if (type === undefined)
      throw new StatusError(
        grpc.status.UNIMPLEMENTED,
        `the ${definition.name} stand-in has no resource ${token}`,
      );
    return type;
  };
  const operation = (type: ResourceType<Client>, timeout: number): Operation => {
    const seconds = timeout > 0 ? timeout : (type.defaultTimeout ?? hour);
    return {
      signal: AbortSignal.any([
        cancelled.signal,
        AbortSignal.timeout(Math.min(seconds * 1000, longestTimer)),
      ]),
    };
  };
  /** Passes a failure on; one that left a resource behind with the state that the engine has to keep. */
  const keepingIncomplete = async <Result>(
    type: ResourceType<Client>,
    inputs: Properties,
    work: Promise<Result>,
  ): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof IncompleteResourceError)) throw error;
      const state = markedState(type, { ...keptInputs(type, inputs), ...error.outputs });
      throw incompleteResource(error.message, error.id, state, markedInputs(type, inputs));
    }
  };

  const handlers: Partial<IResourceProviderServer> = {
    getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(`${definition.version}+stand-in`)),
    attach: unary(() => new emptyMessages.Empty()),
    cancel: unary(() => {
      cancelled.abort(new Error("the operation was cancelled"));
      return new emptyMessages.Empty();
    }),
    getSchema: unary(() => {
      const schema = { name: definition.name, version: definition.version };
      return new messages.GetSchemaResponse().setSchema(JSON.stringify(schema));
    }),
    checkConfig: unary((request: requests.CheckRequest) => {
      const failures = checkConfiguration(definition, properties(request.getNews()));
      // Given back as they came, so that secrets stay secrets.
      const response = new messages.CheckResponse().setFailuresList(failureMessages(failures));
      return response.setInputs(request.getNews());
    }),
    configure: unary(async (request: requests.ConfigureRequest) => {
      client = {
        value: await definition.configure(configurationValues(definition, properties(request.getArgs()))),
      };
      // The engine takes secrets out of what it sends and puts their marks back on what it receives.
      return new messages.ConfigureResponse().setAcceptsecrets(false).setSupportspreview(true);
    }),
    invoke: unary(async (request: requests.InvokeRequest) => {
      const called = definition.functions[request.getTok()];
      if (called === undefined)
        throw new StatusError(
          grpc.status.UNIMPLEMENTED,
          `the ${definition.name} stand-in has no function ${request.getTok()}`,
        );
      const { inputs, failures } = checkInputs(called.inputs, properties(request.getArgs()));
      const response = new messages.InvokeResponse();
      if (failures.length > 0) return response.setFailuresList(failureMessages(failures));
      return response.setReturn(toStruct(await called.invoke(configured(), inputs)));
    }),
    check: unary((request: requests.CheckRequest) => {
      const type = resourceType(request.getUrn());
      const checked = checkInputs(
        type.inputs,
        properties(request.getNews()),
        properties(request.getOlds()),
        nameOf(request.getUrn()),
      );
      const failures = [...checked.failures];
      if (failures.length === 0 && !containsUnknown(checked.inputs))
        failures.push(...(type.check?.(withStateDefaults(type, checked.inputs)) ?? []));
      return new messages.CheckResponse()
        .setInputs(toStruct(markedInputs(type, checked.inputs)))
        .setFailuresList(failureMessages(failures));
    }),
    diff: unary(async (request: requests.DiffRequest) => {
      const type = resourceType(request.getUrn());
      const state = properties(request.getOlds());
      const inputs = withStateDefaults(type, properties(request.getNews()));
      const changes = await resourceChanges(
        type,
        configured(),
        state,
        inputs,
        request.getIgnorechangesList(),
      );
      return diffResponse(type, nameOf(request.getUrn()), changes, inputs);
    }),
    create: unary(async (request: requests.CreateRequest) => {
      const type = resourceType(request.getUrn());
      const given = properties(request.getProperties());
      const inputs = withStateDefaults(type, given);
      if (request.getPreview())
        return new messages.CreateResponse().setProperties(
          toStruct(markedState(type, { ...plannedCreation(type, inputs), ...type.plannedOutputs?.(inputs) })),
        );
      const work = type.create(configured(), inputs, operation(type, request.getTimeout()));
      const created = await keepingIncomplete(type, given, work);
      const state = markedState(type, { ...keptInputs(type, inputs), ...created.outputs });
      return new messages.CreateResponse().setId(created.id).setProperties(toStruct(state));
    }),
    read: unary(async (request: requests.ReadRequest) => {
      const type = resourceType(request.getUrn());
      const old = properties(request.getProperties());
      const found = await type.read(
        configured(),
        request.getId(),
        old,
        operation(type, request.getTimeout()),
      );
      if (found === undefined) return new messages.ReadResponse();
      const state = { ...old, ...found.outputs };
      const inputs = refreshedInputs(type, properties(request.getInputs()), old, state);
      return new messages.ReadResponse()
        .setId(found.id ?? request.getId())
        .setInputs(toStruct(markedInputs(type, inputs)))
        .setProperties(toStruct(markedState(type, state)));
    }),
    update: unary(async (request: requests.UpdateRequest) => {
      const type = resourceType(request.getUrn());
      const state = properties(request.getOlds());
      const given = properties(request.getNews());
      const inputs = withStateDefaults(type, given);
      const response = new messages.UpdateResponse();
      if (request.getPreview())
        return response.setProperties(toStruct(markedState(type, plannedUpdate(type, state, inputs))));
      if (type.update === undefined) throw new Error(`${tokenOf(request.getUrn())} cannot be updated`);
      const limits = operation(type, request.getTimeout());
      const work = type.update(configured(), request.getId(), state, inputs, limits);
      const outputs = await keepingIncomplete(type, given, work);
      const kept = plannedUpdate({ inputs: type.inputs, outputs: {} }, state, inputs);
      for (const property of Object.keys(type.outputs)) kept[property] = state[property];
      return response.setProperties(toStruct(markedState(type, { ...kept, ...outputs })));
    }),
    delete: unary(async (request: requests.DeleteRequest) => {
      const type = resourceType(request.getUrn());
      const state = properties(request.getProperties());
      await type.delete(configured(), request.getId(), state, operation(type, request.getTimeout()));
      return new emptyMessages.Empty();
    }),
  };
  await servePlugin(providerService.ResourceProviderService, handlers);
}
