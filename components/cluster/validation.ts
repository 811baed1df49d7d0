import {
  checkBaseUrl,
  checkDuration,
  checkNamespace,
  checkNotEmpty,
  checkPattern,
  checkPort,
  checkWholeNumber,
} from "../checks.ts";
import { each, issuesOf } from "../validation.ts";
import type { Check, Validation } from "../validation.ts";
import { domainChecks } from "../network/domain-names.ts";
import { nodePorts } from "../network/firewall-rules.ts";
import { checkPublicKey, fingerprintOf } from "../nodes/ssh-keys.ts";
import { checkOperatorCidr, checkVpcRange, isIpv6Range } from "../network/ip-range.ts";
import { teamChecks } from "./access/team-checks.ts";
import type { NomadClusterArgs } from "./args.ts";
import { resolveClusterArgs } from "./defaults.ts";
import type { ResolvedClusterArgs } from "./defaults.ts";
import { hostVolumeChecks, volumeChecks } from "./volume-validation.ts";

/** Judges the arguments, as far as that is possible without the account. `name` is the component's. */
export function validateCluster(name: string, args: NomadClusterArgs): Validation<ResolvedClusterArgs> {
  const resolved = resolveClusterArgs(name, args);
  return { resolved, issues: issuesOf(clusterChecks(resolved)) };
}

function clusterChecks(args: ResolvedClusterArgs): Check[] {
  return [
    [
      "clusterName",
      checkPattern(
        args.clusterName,
        /^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/,
        "a name of at most 42 lower-case letters, digits and hyphens",
      ),
    ],
    [
      "datacenter",
      // The region by default, which has its own check.
      args.datacenter === args.region
        ? undefined
        : checkPattern(
            args.datacenter,
            /^[a-zA-Z0-9_-]+$/,
            "a datacenter name of letters, digits, hyphens and underscores",
          ),
    ],
    ...nodeCountChecks(args),
    ...(["region", "size", "image"] as const).map((field): Check => [
      field,
      checkPattern(
        args[field],
        /^[a-z0-9_-]+$/,
        "a name that DigitalOcean gives, of lower-case letters, digits and hyphens",
      ),
    ]),
    [
      "vpcIpRange",
      args.vpcIpRange === undefined
        ? undefined
        : checkVpcRange(args.vpcIpRange, args.serverCount + args.clientCount),
    ],
    ...operatorChecks(args),
    ...each("sshPublicKeys", args.sshPublicKeys, (key, index) =>
      checkOwnKey(key, args.sshPublicKeys.slice(0, index)),
    ),
    ...sourceChecks(args),
    ...hostVolumeChecks(args),
    ...each("namespaces", args.namespaces, (namespace, index) =>
      checkOwnNamespace(namespace, args.namespaces.indexOf(namespace) === index),
    ),
    ...teamChecks(args),
    ...volumeChecks(args),
    ...each("publicPorts", args.publicPorts, checkPublicPort),
    ...loadBalancerChecks(args),
    ...(args.domain ? domainChecks("domain", args.domain) : []),
    ...each("tags", args.tags, (tag) =>
      checkPattern(tag, /^[\w:-]{1,255}$/, "a tag of letters, digits, colons, hyphens and underscores"),
    ),
    ...(["readyTimeout", "maxDrain", "joinTimeout"] as const).map((field): Check => [
      field,
      checkDuration(args[field]),
    ]),
    [
      "snapshotDirectory",
      args.snapshotDirectory === "" ? 'is empty; name a directory, for example "snapshots"' : undefined,
    ],
  ];
}

function nodeCountChecks({ serverCount, clientCount }: ResolvedClusterArgs): Check[] {
  return [
    [
      "serverCount",
      [1, 3, 5].includes(serverCount)
        ? undefined
        : `${serverCount} servers do not make a sound cluster; use 1, 3 or 5: an even number survives no more failures than one fewer, and more than 5 slow down every write`,
    ],
    ["clientCount", checkWholeNumber(clientCount, { from: 0 })],
  ];
}

function operatorChecks({ operatorCidrs, allowOperatorsFromAnywhere }: ResolvedClusterArgs): Check[] {
  return [
    [
      "operatorCidrs",
      operatorCidrs.length > 0
        ? undefined
        : 'is empty, and not even this program could reach the cluster; give your own address, for example ["192.0.2.7/32"]',
    ],
    [
      "operatorCidrs",
      operatorCidrs.length > 0 && operatorCidrs.every(isIpv6Range)
        ? "has IPv6 ranges only, and nodes have no IPv6 address: add the IPv4 address from which you reach the Internet"
        : undefined,
    ],
    ...each("operatorCidrs", operatorCidrs, (range) => checkOperatorCidr(range, allowOperatorsFromAnywhere)),
  ];
}

/** Where nodes get their software from. */
function sourceChecks(args: ResolvedClusterArgs): Check[] {
  const { nomadVersion, nomadSha256, aptMirror, rebuild } = args;
  return [
    ["nomadVersion", checkNomadVersion(nomadVersion)],
    [
      "nomadSha256",
      nomadSha256 === ""
        ? `is missing: Nomad ${nomadVersion} is installed only if its zip's sha256 is given`
        : checkPattern(nomadSha256, /^[0-9a-f]{64}$/, "a sha256 of 64 lower-case hex digits"),
    ],
    ["nomadDownloadUrl", checkBaseUrl(args.nomadDownloadUrl)],
    ["rebuild", rebuild === undefined ? undefined : checkNotEmpty(rebuild)],
    ["aptMirror", aptMirror === undefined ? undefined : checkBaseUrl(aptMirror)],
    ...each("dockerRegistryMirrors", args.dockerRegistryMirrors, checkBaseUrl),
  ];
}

/** Agents are configured for what is there since 1.11. */
function checkNomadVersion(version: string): string | undefined {
  const unreadable = checkPattern(version, /^\d+\.\d+\.\d+$/, 'a Nomad version like "2.0.7"');
  if (unreadable !== undefined) return unreadable;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 1 || (major === 1 && minor >= 11)
    ? undefined
    : `"${version}" is too old for the configuration that nodes are given; use 1.11.0 or newer`;
}

function checkOwnKey(key: string, earlier: readonly string[]): string | undefined {
  const isSame = (other: string) =>
    checkPublicKey(other) === undefined && fingerprintOf(other) === fingerprintOf(key);
  return checkPublicKey(key) ?? (earlier.some(isSame) ? "is a key that is given twice" : undefined);
}

function checkOwnNamespace(namespace: string, isFirst: boolean): string | undefined {
  const reason = checkNamespace(namespace);
  if (reason !== undefined) return reason;
  if (namespace === "default") return `"default" is there in every cluster; leave it out`;
  return isFirst ? undefined : `"${namespace}" is named twice`;
}

function loadBalancerChecks({ loadBalancer, publicPorts, domain }: ResolvedClusterArgs): Check[] {
  if (loadBalancer === undefined) return [];
  const { port, healthPath, certificateName } = loadBalancer;
  return [
    [
      "loadBalancer.port",
      publicPorts.includes(port)
        ? `${port} is in publicPorts too, where everyone reaches it past the load balancer; take it out there`
        : checkPublicPort(port),
    ],
    [
      "loadBalancer.healthPath",
      checkPattern(healthPath, /^\/[\w./~-]*$/, 'a path that begins with a slash, like "/health"'),
    ],
    [
      "loadBalancer.certificateName",
      certificateName === undefined ? undefined : checkCertificateName(certificateName, domain !== undefined),
    ],
  ];
}

function checkCertificateName(certificateName: string, hasDomain: boolean): string | undefined {
  return hasDomain
    ? `"${certificateName}" is given and a domain too, which gets a certificate of its own; leave one of them out`
    : checkNotEmpty(certificateName);
}

function checkPublicPort(port: number): string | undefined {
  if (nodePorts.includes(port))
    return `${port} is one of the nodes' own ports, which only operators and nodes may reach`;
  return checkPort(port);
}
