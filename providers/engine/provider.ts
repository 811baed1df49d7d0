import * as grpc from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type * as requests from "@pulumi/pulumi/proto/provider_pb.js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { checkInputs } from "./check.ts";
import { configurationValues, checkConfiguration } from "./configuration.ts";
import { emptyMessages } from "./google-protobuf.ts";
import { servePlugin, StatusError, unary } from "./grpc-server.ts";
import { toStruct } from "./incomplete.ts";
import { failureMessages, properties } from "./requests.ts";
import { ResourceCalls } from "./resource-calls.ts";
import type { PluginDefinition } from "./resource-type.ts";

/** Serves a plugin: prints its port and answers the engine by the definition's tables. */
export async function serveProvider<Client>(definition: PluginDefinition<Client>): Promise<void> {
  const cancelled = new AbortController();
  let client: { readonly value: Client } | undefined;
  const configured = (): Client => {
    if (client === undefined) throw new Error(`the ${definition.name} provider is not configured`);
    return client.value;
  };
  const resources = new ResourceCalls(definition, configured, cancelled.signal);
  const { name, version, isStandIn = false } = definition;

  const handlers: Partial<IResourceProviderServer> = {
    getPluginInfo: unary(() =>
      new pluginMessages.PluginInfo().setVersion(isStandIn ? `${version}+stand-in` : version),
    ),
    getSchema: unary(() => new messages.GetSchemaResponse().setSchema(JSON.stringify({ name, version }))),
    attach: unary(() => new emptyMessages.Empty()),
    cancel: unary(() => {
      cancelled.abort(new Error("the operation was cancelled"));
      return new emptyMessages.Empty();
    }),
    checkConfig: unary((request: requests.CheckRequest) => {
      const failures = checkConfiguration(definition, properties(request.getNews()));
      // Given back as they came, so that secrets stay secrets.
      const response = new messages.CheckResponse().setFailuresList(failureMessages(failures));
      return response.setInputs(request.getNews());
    }),
    configure: unary(async (request: requests.ConfigureRequest) => {
      const values = configurationValues(definition, properties(request.getArgs()));
      client = { value: await definition.configure(values) };
      // The engine takes secrets out of what it sends and puts their marks back on what it receives.
      return new messages.ConfigureResponse().setAcceptsecrets(false).setSupportspreview(true);
    }),
    invoke: unary((request: requests.InvokeRequest) => invoke(definition, configured, request)),
    check: unary((request: requests.CheckRequest) => resources.check(request)),
    diff: unary((request: requests.DiffRequest) => resources.diff(request)),
    create: unary((request: requests.CreateRequest) => resources.create(request)),
    read: unary((request: requests.ReadRequest) => resources.read(request)),
    update: unary((request: requests.UpdateRequest) => resources.update(request)),
    delete: unary((request: requests.DeleteRequest) => resources.delete(request)),
  };
  await servePlugin(providerService.ResourceProviderService, handlers);
}

async function invoke<Client>(
  { name, functions }: PluginDefinition<Client>,
  client: () => Client,
  request: requests.InvokeRequest,
) {
  const called = functions[request.getTok()];
  if (called === undefined)
    throw new StatusError(
      grpc.status.UNIMPLEMENTED,
      `the ${name} plugin has no function ${request.getTok()}`,
    );
  const { inputs, failures } = checkInputs(called.inputs, properties(request.getArgs()));
  const response = new messages.InvokeResponse();
  if (failures.length > 0) return response.setFailuresList(failureMessages(failures));
  return response.setReturn(toStruct(await called.invoke(client(), inputs)));
}
