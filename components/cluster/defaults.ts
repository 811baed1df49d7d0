import { withDefaults } from "../validation.ts";
import { resolveDomain } from "../network/domain-names.ts";
import type { ClusterDomain } from "../network/domain-names.ts";
import type { HostVolume } from "../nodes/nomad-configuration.ts";
import type { ClusterTeam } from "./access/team-policy.ts";
import type { ClusterVolume, NomadClusterArgs } from "./args.ts";

/** Where monitoring agents keep what must outlive their allocations: one directory an agent. */
export const agentStateVolume: HostVolume = {
  name: "agent-state",
  path: "/opt/nomad/host-volumes/agent-state",
};

/** Nomad's own default; its agents' certificates carry it. */
export const nomadRegion = "global";

/** What is taken for arguments that are left out. */
export const clusterDefaults = {
  region: "sgp1",
  serverCount: 3,
  clientCount: 0,
  size: "s-2vcpu-4gb",
  image: "debian-12-x64",
  allowOperatorsFromAnywhere: false,
  sshKeys: [] as string[],
  sshPublicKeys: [] as string[],
  tags: [] as string[],
  nomadVersion: "2.0.7",
  nomadDownloadUrl: "https://releases.hashicorp.com/nomad",
  dockerRegistryMirrors: [] as string[],
  hostVolumes: [] as HostVolume[],
  namespaces: [] as string[],
  teams: [] as ClusterTeam[],
  volumes: [] as ClusterVolume[],
  protectVolumes: true,
  publicPorts: [] as number[],
  memoryForJobs: 0,
  readyTimeout: "15m",
  maxDrain: "5m",
  joinTimeout: "10m",
  replaceUnreachableCluster: false,
  snapshotDirectory: "snapshots",
};

/** Of the default version's `linux_amd64` zip, as HashiCorp's own package formula states it. */
const defaultNomadSha256 = "4c9b8a0850d6fd9caadbbab09b3e6fdf8b77aa777729543c70c61b85acca68c1";

/** Left out, it is not there, or left to the image or to DigitalOcean. */
type OptionalArgument = "aptMirror" | "domain" | "loadBalancer" | "rebuild" | "vpcIpRange";

/** {@link NomadClusterArgs} with every default filled in. */
export type ResolvedClusterArgs = Readonly<Required<Omit<NomadClusterArgs, OptionalArgument>>> &
  Readonly<Pick<NomadClusterArgs, Exclude<OptionalArgument, "domain">>> & { readonly domain?: ClusterDomain };

/** Fills in the defaults. `name` is the component's. */
export function resolveClusterArgs(name: string, args: NomadClusterArgs): ResolvedClusterArgs {
  const { domain, ...others } = args;
  const resolved = withDefaults(others, clusterDefaults);
  const { region, nomadVersion, hostVolumes, sshKeys, volumes, protectVolumes } = resolved;
  return {
    clusterName: name,
    datacenter: region,
    nomadSha256: nomadVersion === clusterDefaults.nomadVersion ? defaultNomadSha256 : "",
    // A cluster with protected volumes is not destroyed without an update before either.
    guardReplacements: protectVolumes && volumes.length > 0,
    ...resolved,
    // Their order means nothing, and must not replace a droplet.
    sshKeys: [...new Set(sshKeys)].sort(),
    hostVolumes: [agentStateVolume, ...hostVolumes],
    ...(domain !== undefined && { domain: resolveDomain(domain) }),
  };
}
