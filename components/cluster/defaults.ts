import type { HostVolume } from "../nodes/nomad-configuration.ts";
import type { NomadClusterArgs } from "./args.ts";

/** Where monitoring agents keep what must outlive their allocations: one directory an agent. */
export const agentStateVolume: HostVolume = {
  name: "agent-state",
  path: "/opt/nomad/host-volumes/agent-state",
};

/** sha256 of `nomad_2.0.7_linux_amd64.zip`, as HashiCorp's own package formula states it. */
const defaultNomad = {
  version: "2.0.7",
  sha256: "4c9b8a0850d6fd9caadbbab09b3e6fdf8b77aa777729543c70c61b85acca68c1",
} as const;

/** {@link NomadClusterArgs} with every default filled in. */
export type ResolvedClusterArgs = Readonly<Required<Omit<NomadClusterArgs, "aptMirror">>> & {
  readonly aptMirror?: string;
};

/** Fills in the defaults. `name` is the component's. */
export function resolveClusterArgs(name: string, args: NomadClusterArgs): ResolvedClusterArgs {
  const region = args.region ?? "sgp1";
  return {
    clusterName: args.clusterName ?? name,
    region,
    datacenter: args.datacenter ?? region,
    serverCount: args.serverCount ?? 3,
    clientCount: args.clientCount ?? 0,
    size: args.size ?? "s-2vcpu-4gb",
    image: args.image ?? "debian-12-x64",
    vpcIpRange: args.vpcIpRange ?? "10.104.0.0/20",
    operatorCidrs: args.operatorCidrs,
    allowOperatorsFromAnywhere: args.allowOperatorsFromAnywhere ?? false,
    sshKeys: args.sshKeys ?? [],
    tags: args.tags ?? [],
    nomadVersion: args.nomadVersion ?? defaultNomad.version,
    nomadSha256:
      args.nomadSha256 ??
      ((args.nomadVersion ?? defaultNomad.version) === defaultNomad.version ? defaultNomad.sha256 : ""),
    nomadDownloadUrl: args.nomadDownloadUrl ?? "https://releases.hashicorp.com/nomad",
    ...(args.aptMirror !== undefined && { aptMirror: args.aptMirror }),
    dockerRegistryMirrors: args.dockerRegistryMirrors ?? [],
    hostVolumes: [agentStateVolume, ...(args.hostVolumes ?? [])],
    namespaces: args.namespaces ?? [],
    volumes: args.volumes ?? [],
    protectVolumes: args.protectVolumes ?? true,
    publicPorts: args.publicPorts ?? [],
    memoryForJobs: args.memoryForJobs ?? 0,
    readyTimeout: args.readyTimeout ?? "15m",
    maxDrain: args.maxDrain ?? "5m",
    joinTimeout: args.joinTimeout ?? "10m",
    replaceUnreachableCluster: args.replaceUnreachableCluster ?? false,
    snapshotDirectory: args.snapshotDirectory ?? "snapshots",
  };
}
