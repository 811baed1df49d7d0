import type { Problem } from "../arguments.ts";
import { milliseconds } from "../duration.ts";
import type { Duration } from "../duration.ts";
import { operatorRangeProblem, vpcRangeProblem } from "../network/ip-range.ts";
import type { HostVolume } from "../nodes/nomad-configuration.ts";

/**
 * What a cluster is made of. Everything here decides which resources there are or is checked before any of them is
 * created, so these are plain values, not Outputs.
 */
export interface NomadClusterArgs {
  /**
   * Name of the VPC and the firewall and first part of the droplets' names, unique in the account. Default: the
   * component's name. A change replaces everything.
   */
  clusterName?: string;
  /** Region slug. Default `sgp1`. A change replaces everything. */
  region?: string;
  /** Nomad datacenter. Default: the region. A change replaces every droplet. */
  datacenter?: string;
  /** Droplets that are server and client: 1, 3 or 5. Default 3. A change replaces the servers' droplets. */
  serverCount?: number;
  /** Further droplets that are only client. Default 0. A change leaves the other droplets alone. */
  clientCount?: number;
  /** Droplet size slug. Default `s-2vcpu-4gb`. A change powers droplets off to resize them. */
  size?: string;
  /** Debian image slug. Default `debian-12-x64`. A change replaces every droplet. */
  image?: string;
  /** Private IPv4 range of the VPC, /16 to /28. Default `10.104.0.0/20`. A change replaces everything. */
  vpcIpRange?: string;
  /** CIDRs that may use SSH and the Nomad API; the machine that runs Pulumi must be in one of them. */
  operatorCidrs: string[];
  /** Allows `0.0.0.0/0` and `::/0` in `operatorCidrs`. Default false. */
  allowOperatorsFromAnywhere?: boolean;
  /** Ids or fingerprints of SSH keys in the account, for root. Default none. A change replaces every droplet. */
  sshKeys?: string[];
  /** Further tags of the droplets. Default none. */
  tags?: string[];
  /** Nomad version, at least 1.11. Default `2.0.7`. A change replaces every droplet. */
  nomadVersion?: string;
  /** sha256 of that version's `linux_amd64` zip. Default: that of the default version; required with any other. */
  nomadSha256?: string;
  /** Base URL with the layout of the default, `https://releases.hashicorp.com/nomad`. A change replaces every droplet. */
  nomadDownloadUrl?: string;
  /** URL under which `debian` and `debian-security` lie. Default: the image's mirrors. A change replaces every droplet. */
  aptMirror?: string;
  /** URLs of mirrors of Docker Hub. Default none. A change replaces every droplet. */
  dockerRegistryMirrors?: string[];
  /** Volumes that every node offers, beside `agent-state`. Default none. A change replaces every droplet. */
  hostVolumes?: HostVolume[];
  /** Longest wait for a cluster to form or to answer. Default `15m`. */
  readyTimeout?: Duration;
}

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
    readyTimeout: args.readyTimeout ?? "15m",
  };
}

/** Everything that is wrong with the arguments, as far as they can be judged without the account. */
export function clusterArgsProblems(name: string, given: NomadClusterArgs): Problem[] {
  const args = resolveClusterArgs(name, given);
  const problems: Problem[] = [];
  const check = (propertyPath: string, reason: string | undefined) => {
    if (reason !== undefined) problems.push({ propertyPath, reason });
  };
  const matches = (propertyPath: string, value: string, pattern: RegExp, expectation: string) =>
    check(propertyPath, pattern.test(value) ? undefined : `"${value}" is not ${expectation}`);
  const url = (propertyPath: string, value: string | undefined) =>
    value === undefined ||
    matches(
      propertyPath,
      value,
      /^https?:\/\/[^/\s]+(\/\S*)?[^/\s]$/,
      "an http or https URL without a slash at its end",
    );

  matches(
    "clusterName",
    args.clusterName,
    /^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/,
    "a name of at most 42 lower-case letters, digits and hyphens",
  );
  matches(
    "datacenter",
    args.datacenter,
    /^[a-zA-Z0-9_-]+$/,
    "a datacenter name of letters, digits, hyphens and underscores",
  );
  check(
    "serverCount",
    [1, 3, 5].includes(args.serverCount)
      ? undefined
      : `${args.serverCount} servers cannot lose one without losing their majority any better than fewer would; use 1, 3 or 5`,
  );
  check(
    "clientCount",
    Number.isInteger(args.clientCount) && args.clientCount >= 0
      ? undefined
      : `${args.clientCount} is not a whole number from 0`,
  );
  check("vpcIpRange", vpcRangeProblem(args.vpcIpRange, args.serverCount + args.clientCount));
  check(
    "operatorCidrs",
    args.operatorCidrs.length > 0
      ? undefined
      : 'is empty, so that not even this program could reach the cluster; give your own address, for example ["192.0.2.7/32"]',
  );
  args.operatorCidrs.forEach((range, index) =>
    check(`operatorCidrs[${index}]`, operatorRangeProblem(range, args.allowOperatorsFromAnywhere)),
  );
  matches("nomadVersion", args.nomadVersion, /^\d+\.\d+\.\d+$/, 'a Nomad version like "2.0.7"');
  if (args.nomadSha256 === "")
    check(
      "nomadSha256",
      `is missing: Nomad ${args.nomadVersion} is installed only if its zip's sha256 is given`,
    );
  else matches("nomadSha256", args.nomadSha256, /^[0-9a-f]{64}$/, "a sha256 of 64 lower-case hex digits");
  url("nomadDownloadUrl", args.nomadDownloadUrl);
  url("aptMirror", args.aptMirror);
  args.dockerRegistryMirrors.forEach((mirror, index) => url(`dockerRegistryMirrors[${index}]`, mirror));

  const volumes = args.hostVolumes;
  volumes.slice(1).forEach(({ name: volume, path }, index) => {
    matches(
      `hostVolumes[${index}].name`,
      volume,
      /^[a-zA-Z0-9-]{1,128}$/,
      "a volume name of letters, digits and hyphens",
    );
    matches(`hostVolumes[${index}].path`, path, /^(\/[\w.-]+)+$/, "an absolute path");
    check(
      `hostVolumes[${index}].name`,
      volumes.findIndex((other) => other.name === volume) === index + 1
        ? undefined
        : `"${volume}" is taken by another volume`,
    );
  });
  args.tags.forEach((tag, index) =>
    matches(
      `tags[${index}]`,
      tag,
      /^[\w:-]{1,255}$/,
      "a tag of letters, digits, colons, hyphens and underscores",
    ),
  );
  check("readyTimeout", durationProblem(args.readyTimeout));
  return problems;
}

function durationProblem(duration: Duration): string | undefined {
  try {
    milliseconds(duration);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}
