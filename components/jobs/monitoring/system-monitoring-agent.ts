import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { ResolvedInputError, validated } from "../../validation.ts";
import type { ArgumentNames, ValidatedArgs } from "../../validation.ts";
import { chooseAddress } from "../../cluster/access/answering-address.ts";
import { deletedWithCluster, nomadProvider } from "../../cluster/connection.ts";
import type { ClusterConnection } from "../../cluster/connection.ts";
import { variablePath } from "../spec/job.ts";
import { NomadJob } from "../spec/nomad-job.ts";
import type { SystemMonitoringAgentArgs } from "./args.ts";
import type { ResolvedMonitoringAgentArgs } from "./defaults.ts";
import type { ApiJob } from "../spec/api-job.ts";
import { checkNodes, neededVolumes } from "./node-check.ts";
import { monitoringAgentJob, registryVariable } from "./job.ts";
import type { MonitoringAgent } from "./monitoring-agent.ts";
import { checkApiKey, checkCredential, validateMonitoringAgent } from "./validation.ts";

/**
 * A monitoring agent on every node of a cluster, as a Nomad system job: a node that joins gets it with no change here.
 * It runs on the nodes that offer the agent's host volumes; an update fails, before the job is changed, if none does, or if
 * no node of the datacenter is ready, in the node pool `default`, and has Docker.
 * It takes over the job of a `NomadJob` that was declared under its name, such as an agent that ran as a service job.
 *
 * @example
 * ```ts
 * new SystemMonitoringAgent("mackerel", {
 *   connection: cluster.connection,
 *   agent: mackerelAgent({ roles: ["blog:nomad-cluster"] }),
 *   apiKey: config.requireSecret("mackerelApiKey"),
 * });
 * ```
 */
export class SystemMonitoringAgent extends pulumi.ComponentResource {
  /** Id of the job in Nomad. */
  readonly jobId: pulumi.Output<string>;

  constructor(name: string, args: SystemMonitoringAgentArgs, opts?: pulumi.ComponentResourceOptions) {
    const apiKey = args.apiKey === undefined ? undefined : pulumi.secret(args.apiKey);
    super(
      "nomad-digitalocean:index:SystemMonitoringAgent",
      name,
      {
        ...args,
        ...(apiKey && { apiKey }),
        ...(args.registry && {
          registry: { ...args.registry, password: pulumi.secret(args.registry.password) },
        }),
      },
      opts,
    );
    const { resolved, nameOf } = validated(this, args, validateMonitoringAgent);
    const { agent, namespace, jobId, registry, timeout } = resolved;
    const connection = pulumi.output(args.connection);
    const provider = nomadProvider(this, name, connection);
    const withCluster = deletedWithCluster(args.connection, opts);
    const variable = (suffix: string, path: string, items: Record<string, pulumi.Input<string>>) =>
      new nomad.Variable(
        `${name}-${suffix}`,
        { path, ...(namespace !== undefined && { namespace }), items: pulumi.secret(items) },
        { parent: this, provider, dependsOn: opts?.dependsOn ?? [], ...withCluster },
      );
    const variables = [
      ...(apiKey
        ? [
            variable("variable", variablePath(jobId), {
              apiKey: apiKey.apply((key) => checkedKey(key, nameOf)),
              ...(readsClusterAddress(agent) && { clusterAddress: connection.address }),
            }),
          ]
        : []),
      ...(registry
        ? [
            variable("registry", registryVariable(jobId), {
              username: storedCredential(registry.username, "registry.username", nameOf),
              password: storedCredential(registry.password, "registry.password", nameOf),
            }),
          ]
        : []),
    ];
    const declared = pulumi
      .unsecret(connection.datacenter)
      .apply((datacenter) => monitoringAgentJob(resolved, datacenter));
    const job = new NomadJob(
      name,
      {
        connection: args.connection,
        job: pulumi
          .all([declared, nodesChecked({ resolved, nameOf }, { connection, job: declared }, this)])
          .apply(([checked]) => checked),
        ...(timeout !== undefined && { timeout }),
      },
      {
        parent: this,
        providers: [provider],
        ...withCluster,
        // A task whose variable is missing would wait for ever.
        dependsOn: variables.length > 0 ? variables : (opts?.dependsOn ?? []),
        // The job that a `NomadJob` of this name declared before: it is replaced, not declared twice.
        aliases: [{ parent: opts?.parent ?? pulumi.rootStackResource }],
      },
    );
    this.jobId = job.jobId;
    this.registerOutputs({ jobId: this.jobId });
  }
}

/** True if a file of the agent asks for the URL of the cluster's Nomad API. */
function readsClusterAddress({ files = [] }: MonitoringAgent): boolean {
  return files.some(({ text }) => text.includes(".clusterAddress"));
}

interface AgentOnCluster {
  readonly connection: pulumi.Output<pulumi.Unwrap<ClusterConnection>>;
  readonly job: pulumi.Output<ApiJob>;
}

/** Known when nodes of the cluster were found to be able to run the agent. A preview asks no cluster. */
function nodesChecked(
  { resolved, nameOf }: ValidatedArgs<ResolvedMonitoringAgentArgs>,
  { connection, job }: AgentOnCluster,
  component: SystemMonitoringAgent,
): pulumi.Output<void> {
  if (pulumi.runtime.isDryRun()) return pulumi.output(undefined);
  return pulumi
    .all([pulumi.unsecret(connection), job])
    .apply(async ([{ token, caCertificate, address, addresses }, checked]) => {
      const access = {
        address: await chooseAddress({ address, addresses, caCertificate }),
        caCertificate,
        token,
      };
      const needs = {
        job: checked,
        volumes: neededVolumes(resolved),
        ...(resolved.datacenters && { datacentersPath: "datacenters" }),
      };
      return checkNodes(access, needs, {
        nameOf,
        warn: (message) => void pulumi.log.warn(message, component),
      });
    });
}

/** As Nomad reads it without taking a part of it for a quote, a comment or a variable. */
function storedCredential(
  value: pulumi.Input<string>,
  propertyPath: string,
  nameOf: ArgumentNames,
): pulumi.Output<string> {
  return pulumi.secret(value).apply((text) => {
    const reason = checkCredential(text);
    if (reason !== undefined)
      throw new ResolvedInputError("invalid arguments", [{ propertyPath, reason }], nameOf);
    return JSON.stringify(text);
  });
}

/** The key without what a file or a pipe left around it. */
function checkedKey(apiKey: string, nameOf: ArgumentNames): string {
  const reason = checkApiKey(apiKey);
  if (reason !== undefined)
    throw new ResolvedInputError("invalid arguments", [{ propertyPath: "apiKey", reason }], nameOf);
  return apiKey.trim();
}
