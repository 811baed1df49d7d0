import { NomadClient } from "../clients/nomad/client.ts";
import type { NodeOffer } from "../clients/nomad/types.ts";
import { ApiError, NoAnswerError } from "../clients/request.ts";
import { errorMessage } from "../error-message.ts";
import { PermanentError, poll, NotYet } from "./poll.ts";
import { SilenceWatch, silenceHint } from "./silence.ts";

/** A node that the cluster should have. */
export interface ExpectedNode {
  readonly name: string;
  /** URL of its API, if it is a server. */
  readonly address?: string;
  /** True if this update made it. One that was there before may be away. */
  readonly isNew: boolean;
  /** Host volumes on the volumes of DigitalOcean that it has. */
  readonly volumes: readonly string[];
}

export interface ReadinessArgs {
  readonly nodes: readonly ExpectedNode[];
  readonly caCertificate: string;
  /** UUID that is, or becomes, the management token. */
  readonly managementToken: string;
  /** Milliseconds for the whole. */
  readonly deadline: number;
}

/** Where readiness reports. */
export interface ReadinessLogger {
  /** What is waited for just now. */
  readonly status: (message: string) => void;
  readonly warn: (message: string) => void;
}

/** Milliseconds after which nodes that were there before the update are not waited for. */
const patience = 15_000;

/**
 * Resolves when every node of this update is ready and offers its volumes, a majority of the servers has a leader and ACLs
 * are bootstrapped. A volume may be attached after its node's agent has started, which restarts then to offer it: whoever
 * called that agent before would find it away. Nodes that were there before and are away get a warning: what does not need them goes on. Safe to repeat: the next
 * update continues one that was interrupted here. Never called in a preview.
 */
export async function waitForCluster(expected: ReadinessArgs, logger: ReadinessLogger): Promise<void> {
  const started = Date.now();
  const options = () => ({
    deadline: Math.max(0, started + expected.deadline - Date.now()),
    onProgress: logger.status,
  });
  const impatient = () => Date.now() - started >= Math.min(patience, expected.deadline);
  const client = (address: string, token?: string) =>
    new NomadClient({
      address,
      caCertificate: expected.caCertificate,
      ...(token !== undefined && { token }),
    });
  const servers = expected.nodes.flatMap(({ address, ...node }) =>
    address === undefined ? [] : [{ ...node, address }],
  );
  if (servers.length === 0) throw new Error("a cluster has at least one server");

  const silence = new SilenceWatch();
  let hinted = false;
  const ready = await poll(
    "waiting for the Nomad servers",
    async () => {
      const states = await Promise.all(
        servers.map(async (server) => ({
          ...server,
          ...(await serverState(client(server.address), servers.length)),
        })),
      );
      const verdict = silence.observe(
        states.every(({ silent }) => silent === true),
        Date.now(),
      );
      if (verdict === "hopeless") throw new PermanentError(silenceHint);
      if (verdict === "suspicious" && !hinted) {
        hinted = true;
        logger.warn(silenceHint);
      }
      const away = states.filter(({ reason }) => reason !== undefined);
      const serving = states.filter(({ reason }) => reason === undefined);
      if (away.length === 0) return serving;
      if (!canServeWithout(away, servers.length) || !impatient())
        return new NotYet(`${serving.length} of ${states.length} are ready; ${away[0]!.reason}`);
      for (const { name, reason } of away) logger.warn(`server ${name} is away: ${reason}`);
      return serving;
    },
    options(),
  );

  const operator = client(ready[0]!.address, expected.managementToken);
  await poll(
    "waiting for the ACL bootstrap",
    () => bootstrapAcl(operator, expected.managementToken),
    options(),
  );

  await poll(
    "waiting for the nodes",
    async () => {
      const listed = await operator.nodeOffers();
      const missing = nodesAway(expected.nodes, listed);
      const lacking = volumesAway(expected.nodes, listed);
      if (missing.length === 0 && lacking.length === 0) return true;
      const names = missing.map(({ name }) => name).join(", ");
      const where = 'on the node, /var/log/cloud-init-output.log and "journalctl -u nomad" say more';
      if (missing.some(({ isNew }) => isNew) || (missing.length > 0 && !impatient()))
        return new NotYet(`not ready: ${names} (${where})`);
      if (lacking.length > 0)
        return new NotYet(
          `volumes not offered to jobs: ${lacking.join(", ")} (on the node, "journalctl -u nomad-volumes" says more)`,
        );
      logger.warn(
        `not ready, and not waited for because this update does not change them: ${names} (${where})`,
      );
      return true;
    },
    options(),
  );
}

/** The nodes that Nomad does not list as ready. */
function nodesAway(
  expected: readonly ExpectedNode[],
  listed: readonly Pick<NodeOffer, "Name" | "Status">[],
): ExpectedNode[] {
  const ready = new Set(listed.filter(({ Status }) => Status === "ready").map(({ Name }) => Name));
  return expected.filter(({ name }) => !ready.has(name));
}

/** Volumes, with their node, that a node of this update is to offer and does not. */
export function volumesAway(
  expected: readonly ExpectedNode[],
  listed: readonly Pick<NodeOffer, "Name" | "HostVolumes">[],
): string[] {
  const offers = new Map(listed.map(({ Name, HostVolumes }) => [Name, HostVolumes ?? {}]));
  return expected
    .filter(({ isNew }) => isNew)
    .flatMap(({ name, volumes }) =>
      volumes
        .filter((volume) => offers.get(name)?.[volume] === undefined)
        .map((volume) => `${volume} of ${name}`),
    );
}

/** True if the cluster works without these servers: a majority is left, and none of them was made by this update. */
export function canServeWithout(away: readonly Pick<ExpectedNode, "isNew">[], serverCount: number): boolean {
  return serverCount - away.length > serverCount / 2 && !away.some(({ isNew }) => isNew);
}

/** Why a server is not ready; `silent` if it neither answers nor refuses. */
interface ServerState {
  readonly reason?: string;
  readonly silent?: boolean;
}

async function serverState(server: NomadClient, serverCount: number): Promise<ServerState> {
  try {
    if ((await server.leader()) === "") return { reason: "servers answer, but have no leader" };
    const peers = await server.peers();
    return peers.length < serverCount
      ? { reason: `${peers.length} of ${serverCount} servers have joined` }
      : {};
  } catch (error) {
    return { reason: errorMessage(error), silent: error instanceof NoAnswerError };
  }
}

/** Makes `secret` the management token unless it is already; refuses a cluster that has another. */
export async function bootstrapAcl(
  operator: Pick<NomadClient, "tokenIsKnown" | "bootstrapAcl">,
  secret: string,
): Promise<"made" | "known"> {
  if (await operator.tokenIsKnown()) return "known";
  try {
    await operator.bootstrapAcl(secret);
  } catch (error) {
    if (error instanceof ApiError && error.status === 400)
      throw new PermanentError(
        "the cluster's ACLs were bootstrapped with another secret than this stack's, so this stack cannot manage it: " +
          "use the stack that made it, or write the reset index into /opt/nomad/data/server/acl-bootstrap-reset on the leader " +
          "and run `pulumi up` again. " +
          error.message,
      );
    throw error;
  }
  return "made";
}
