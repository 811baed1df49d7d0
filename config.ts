import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "./components/arguments.ts";
import { describeProblems } from "./components/arguments.ts";
import { clusterArgsProblems } from "./components/cluster/nomad-cluster-args.ts";
import type { HostVolume, MackerelAgentArgs, NomadClusterArgs } from "./components/index.ts";
import { mackerelAgentProblems } from "./components/jobs/mackerel-agent.ts";

/** What a stack declares. */
export interface Settings {
  readonly cluster: NomadClusterArgs;
  readonly mackerel: MackerelAgentArgs;
  readonly mackerelApiKey: pulumi.Output<string>;
}

/** The part of `pulumi.Config` that is read here. */
export type ConfigurationSource = Pick<
  pulumi.Config,
  "get" | "getBoolean" | "getNumber" | "getObject" | "getSecret" | "name"
>;

/**
 * Reads and checks a stack's whole configuration; `pulumi config` holds each value under the name that it has here.
 * Throws one error that names every wrong or missing value.
 */
export function loadSettings(config: ConfigurationSource, stack: string): Settings {
  const problems: Problem[] = [];
  const list = <Element>(key: string): Element[] | undefined => {
    const value = config.getObject<unknown>(key);
    if (value === undefined || Array.isArray(value)) return value as Element[] | undefined;
    problems.push({ propertyPath: key, reason: "is not a list" });
    return undefined;
  };
  const cluster = withoutUndefined({
    clusterName: config.get("clusterName") ?? `nomad-${stack}`,
    region: config.get("region"),
    datacenter: config.get("datacenter"),
    serverCount: config.getNumber("serverCount"),
    clientCount: config.getNumber("clientCount"),
    size: config.get("size"),
    image: config.get("image"),
    vpcIpRange: config.get("vpcIpRange"),
    operatorCidrs: list<string>("operatorCidrs") ?? [],
    allowOperatorsFromAnywhere: config.getBoolean("allowOperatorsFromAnywhere"),
    sshKeys: list<string>("sshKeys"),
    tags: list<string>("tags"),
    nomadVersion: config.get("nomadVersion"),
    nomadSha256: config.get("nomadSha256"),
    nomadDownloadUrl: config.get("nomadDownloadUrl"),
    aptMirror: config.get("aptMirror"),
    dockerRegistryMirrors: list<string>("dockerRegistryMirrors"),
    hostVolumes: list<HostVolume>("hostVolumes"),
  });
  const mackerel = withoutUndefined({
    roles: list<string>("mackerelRoles") ?? ["lorentzca:nomad-cluster"],
    image: config.get("mackerelImage"),
    apiUrl: config.get("mackerelApiUrl"),
  });
  const mackerelApiKey = config.getSecret("mackerelApiKey");
  if (mackerelApiKey === undefined)
    problems.push({
      propertyPath: "mackerelApiKey",
      reason:
        "is missing; set a key with read and write permission by `pulumi config set --secret mackerelApiKey`",
    });

  problems.push(...clusterArgsProblems("nomad", cluster));
  for (const { propertyPath, reason } of mackerelAgentProblems(mackerel))
    problems.push({
      propertyPath: `mackerel${propertyPath.charAt(0).toUpperCase()}${propertyPath.slice(1)}`,
      reason,
    });

  if (problems.length > 0 || mackerelApiKey === undefined)
    throw new pulumi.RunError(
      describeProblems(
        `invalid configuration of stack ${stack}`,
        problems.map(({ propertyPath, reason }) => ({
          propertyPath: `${config.name}:${propertyPath}`,
          reason,
        })),
      ),
    );
  return { cluster, mackerel, mackerelApiKey };
}

type WithoutUndefined<Value> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & { [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined> };

/** An unset key is left out, so that the component's own default holds. */
function withoutUndefined<Value extends object>(value: Value): WithoutUndefined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as WithoutUndefined<Value>;
}
