import { mismatch, problemsOf } from "../validation.ts";
import type { Check, ArgumentIssue } from "../validation.ts";
import { milliseconds } from "../duration.ts";
import type { Duration } from "../duration.ts";
import { operatorRangeProblem, vpcRangeProblem } from "../network/ip-range.ts";
import { nodePorts } from "../network/firewall-rules.ts";
import { attachedVolumeChecks, hostVolumeChecks } from "./volume-validation.ts";
import type { NomadClusterArgs } from "./args.ts";
import { resolveClusterArgs } from "./defaults.ts";
import type { ResolvedClusterArgs } from "./defaults.ts";

/** Everything that is wrong with the arguments, as far as they can be judged without the account. */
export function clusterArgsProblems(name: string, given: NomadClusterArgs): ArgumentIssue[] {
  const args = resolveClusterArgs(name, given);
  return problemsOf([
    [
      "clusterName",
      mismatch(
        args.clusterName,
        /^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/,
        "a name of at most 42 lower-case letters, digits and hyphens",
      ),
    ],
    [
      "datacenter",
      mismatch(
        args.datacenter,
        /^[a-zA-Z0-9_-]+$/,
        "a datacenter name of letters, digits, hyphens and underscores",
      ),
    ],
    ...nodeCountChecks(args),
    ["vpcIpRange", vpcRangeProblem(args.vpcIpRange, args.serverCount + args.clientCount)],
    ...operatorChecks(args),
    ...sourceChecks(args),
    ...hostVolumeChecks(args),
    ...each("namespaces", args.namespaces, (namespace, index) =>
      namespaceProblem(namespace, args.namespaces.indexOf(namespace) === index),
    ),
    ...attachedVolumeChecks(args),
    ...each("publicPorts", args.publicPorts, publicPortProblem),
    ...each("tags", args.tags, (tag) =>
      mismatch(tag, /^[\w:-]{1,255}$/, "a tag of letters, digits, colons, hyphens and underscores"),
    ),
    ...(["readyTimeout", "maxDrain", "joinTimeout"] as const).map((field): Check => [
      field,
      durationProblem(args[field]),
    ]),
    [
      "snapshotDirectory",
      args.snapshotDirectory === "" ? 'is empty; name a directory, for example "snapshots"' : undefined,
    ],
  ]);
}

function nodeCountChecks({ serverCount, clientCount }: ResolvedClusterArgs): Check[] {
  return [
    [
      "serverCount",
      [1, 3, 5].includes(serverCount)
        ? undefined
        : `${serverCount} servers cannot lose one without losing their majority any better than fewer would; use 1, 3 or 5`,
    ],
    [
      "clientCount",
      Number.isInteger(clientCount) && clientCount >= 0
        ? undefined
        : `${clientCount} is not a whole number from 0`,
    ],
  ];
}

function operatorChecks({ operatorCidrs, allowOperatorsFromAnywhere }: ResolvedClusterArgs): Check[] {
  return [
    [
      "operatorCidrs",
      operatorCidrs.length > 0
        ? undefined
        : 'is empty, so that not even this program could reach the cluster; give your own address, for example ["192.0.2.7/32"]',
    ],
    ...each("operatorCidrs", operatorCidrs, (range) =>
      operatorRangeProblem(range, allowOperatorsFromAnywhere),
    ),
  ];
}

/** Where nodes get their software from. */
function sourceChecks(args: ResolvedClusterArgs): Check[] {
  const { nomadVersion, nomadSha256, aptMirror } = args;
  return [
    ["nomadVersion", mismatch(nomadVersion, /^\d+\.\d+\.\d+$/, 'a Nomad version like "2.0.7"')],
    [
      "nomadSha256",
      nomadSha256 === ""
        ? `is missing: Nomad ${nomadVersion} is installed only if its zip's sha256 is given`
        : mismatch(nomadSha256, /^[0-9a-f]{64}$/, "a sha256 of 64 lower-case hex digits"),
    ],
    ["nomadDownloadUrl", urlProblem(args.nomadDownloadUrl)],
    ["aptMirror", aptMirror === undefined ? undefined : urlProblem(aptMirror)],
    ...each("dockerRegistryMirrors", args.dockerRegistryMirrors, urlProblem),
  ];
}

/** A check of each item. */
function each<Item>(
  propertyPath: string,
  items: readonly Item[],
  problem: (item: Item, index: number) => string | undefined,
): Check[] {
  return items.map((item, index) => [`${propertyPath}[${index}]`, problem(item, index)]);
}

function urlProblem(url: string): string | undefined {
  return mismatch(
    url,
    /^https?:\/\/[^/\s]+(\/\S*)?[^/\s]$/,
    "an http or https URL without a slash at its end",
  );
}

function namespaceProblem(namespace: string, first: boolean): string | undefined {
  // Nomad's own rule.
  if (!/^[a-zA-Z0-9-]{1,128}$/.test(namespace))
    return `"${namespace}" is not a namespace of letters, digits and hyphens`;
  if (namespace === "default") return `"default" is there in every cluster; leave it out`;
  return first ? undefined : `"${namespace}" is named twice`;
}

function publicPortProblem(port: number): string | undefined {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return `${port} is not a port from 1 to 65535`;
  if (nodePorts.includes(port))
    return `${port} is one of the nodes' own ports, which only operators and nodes may reach`;
  return undefined;
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
