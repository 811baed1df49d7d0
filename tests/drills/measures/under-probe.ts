import { setTimeout as delay } from "node:timers/promises";
import { nomadPorts } from "../../../components/network/firewall-rules.ts";
import { failures, longestGap } from "./availability.ts";
import type { Failure, NodeMove } from "./availability.ts";
import { BlogProbe } from "./blog-probe.ts";
import type { ReaderConnections } from "./blog-probe.ts";
import { ClusterWatch } from "./cluster-watch.ts";
import type { WatchedNodes } from "./cluster-watch.ts";
import { describeFailures } from "./describe-failures.ts";
import type { DrilledNode, DrilledStack, Report, RunningSandbox } from "../running-sandbox.ts";
import { summarizeServers } from "./server-health.ts";
import type { ServersSummary } from "./server-health.ts";

/** What readers and servers went through while a cluster was changed; docs/operations.md defines each. */
export interface Measures {
  /** URLs that were read: the blog's own at a load balancer, or those of the servers' reserved addresses. */
  readonly addresses: readonly string[];
  readonly requests: number;
  readonly failedRequests: number;
  readonly failedOutsideMovingNode: number;
  readonly longestGapMs: number;
  readonly minHealthyVoters: number;
  readonly leaderlessMs: number;
  readonly seconds: number;
}

export interface ProbedChange {
  readonly measures: Measures;
  readonly before: DrilledStack;
  readonly after: DrilledStack;
  /** In the order of time. */
  readonly moves: readonly NodeMove[];
  readonly failures: readonly Failure[];
  readonly servers: ServersSummary;
  readonly nodes: WatchedNodes;
  /** Version of each job, by id. */
  readonly jobs: {
    readonly before: ReadonlyMap<string, number>;
    readonly after: ReadonlyMap<string, number>;
  };
}

/** What a change under the probe is told, and tells. */
export interface ChangeContext {
  /** Name of the node that ran ghost before. */
  readonly ghostNode: string | undefined;
  /** To be called when the change takes a node's droplet away past Nomad, which is not seen otherwise. */
  readonly lost: (nodeName: string) => void;
}

/** Milliseconds of quiet before and after, so that what is measured begins and ends with a blog that answers. */
const quiet = 3_000;

/** Changes the cluster while the blog is read and the servers are watched. */
export async function underProbe(
  sandbox: RunningSandbox,
  report: Report,
  change: (context: ChangeContext) => Promise<void>,
): Promise<ProbedChange> {
  const before = await sandbox.stack();
  const servers = before.nodes.flatMap(({ reservedIp }) => reservedIp ?? []);
  const watch = new ClusterWatch(
    servers.map((address) => `https://${address}:${nomadPorts.http}`),
    { caCertificate: before.caCertificate, token: before.managementToken },
  );
  const [ghostNode, jobsBefore] = await Promise.all([watch.nodeOf("ghost"), watch.jobVersions()]);
  const probes = readersOf(before).map((connections) => new BlogProbe(before.blog, connections));
  const lostNodes = new Map<string, number>();
  const started = Date.now();
  let ended = started;
  try {
    await delay(quiet);
    await change({ ghostNode, lost: (nodeName) => lostNodes.set(nodeName, Date.now()) });
    ended = Date.now();
    await delay(quiet);
  } finally {
    for (const probe of probes) probe.end();
    watch.end();
  }
  const [asked, { samples, nodes }] = await Promise.all([
    Promise.all(probes.map((probe) => probe.requests())),
    watch.seen(),
  ]);
  const requests = asked.flat();
  const after = await sandbox.stack();
  const moves = nodeMoves(
    before,
    after,
    { ...nodes, drained: new Map([...nodes.drained, ...lostNodes]) },
    started,
    ghostNode,
  );
  const failed = failures(requests, moves);
  const summary = summarizeServers(samples);
  const result: ProbedChange = {
    measures: {
      addresses: before.blog.urls,
      requests: requests.length,
      failedRequests: failed.length,
      failedOutsideMovingNode: failed.filter(({ cause }) => cause === "neither").length,
      longestGapMs: longestGap(requests, started, ended + quiet),
      minHealthyVoters: summary.minHealthyVoters,
      leaderlessMs: summary.leaderlessMs,
      seconds: Math.round((ended - started - quiet) / 1000),
    },
    before,
    after,
    moves,
    failures: failed,
    servers: summary,
    nodes,
    jobs: { before: jobsBefore, after: await watch.jobVersions() },
  };
  report(describeFailures({ ...result, requests: requests.length, started }));
  return result;
}

/**
 * nginx on a node may end a connection just when a reader uses it again, so that only a load balancer is read on kept ones
 * too.
 */
function readersOf({ blog, nodes }: DrilledStack): ReaderConnections[] {
  const ofNodes = nodes.map(({ reservedIp }) => reservedIp);
  return blog.urls.some((url) => ofNodes.includes(new URL(url).hostname)) ? ["new"] : ["new", "kept"];
}

/** Replacements of the nodes that were drained or lost since `started`. */
function nodeMoves(
  { nodes, blog }: DrilledStack,
  after: DrilledStack,
  { firstSeen, drained }: WatchedNodes,
  started: number,
  ghostNode: string | undefined,
): NodeMove[] {
  const moveOf = ({ name, slot, reservedIp }: DrilledNode): NodeMove[] => {
    const from = drained.get(name);
    const address = blog.urls.find((url) => new URL(url).hostname === reservedIp);
    if (from === undefined || from < started) return [];
    const prefix = name.replace(/\d+$/, "");
    const successor = [...firstSeen].find(
      ([other, seen]) => other !== name && other.startsWith(prefix) && seen >= from,
    );
    return [
      {
        slot,
        ...(address !== undefined && { address }),
        from,
        isLast: after.nodes.every((node) => node.slot !== slot),
        hadGhost: name === ghostNode,
        ...(successor && { succeededAt: successor[1] }),
      },
    ];
  };
  return nodes.flatMap(moveOf).sort((one, other) => one.from - other.from);
}
