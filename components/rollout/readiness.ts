import { NomadClient } from "../clients/nomad/client.ts";
import { ApiError } from "../clients/request.ts";
import { errorMessage } from "../error-message.ts";
import { PermanentError, poll, NotYet } from "./poll.ts";

export interface ReadinessArgs {
  /** URLs of every server's API. */
  readonly serverAddresses: readonly string[];
  /** Names of all nodes. */
  readonly nodeNames: readonly string[];
  readonly caCertificate: string;
  /** UUID that is, or becomes, the management token. */
  readonly managementToken: string;
  /** Milliseconds for the whole. */
  readonly deadline: number;
}

/**
 * Resolves when every server answers, they have a leader, ACLs are bootstrapped and every node is ready. Safe to
 * repeat: the next update continues one that was interrupted here. Never called in a preview.
 */
export async function waitForCluster(
  expected: ReadinessArgs,
  onProgress: (message: string) => void,
): Promise<void> {
  const until = Date.now() + expected.deadline;
  const options = () => ({ deadline: Math.max(0, until - Date.now()), onProgress });
  const client = (address: string, token?: string) =>
    new NomadClient({
      address,
      caCertificate: expected.caCertificate,
      ...(token !== undefined && { token }),
    });
  const [first] = expected.serverAddresses;
  if (first === undefined) throw new Error("a cluster has at least one server");

  await poll(
    "waiting for the Nomad servers",
    async () => {
      const states = await Promise.all(
        expected.serverAddresses.map((address) => serverState(client(address), expected)),
      );
      const reasons = states.filter((state) => state !== "ready");
      const [reason] = reasons;
      return reason === undefined
        ? true
        : new NotYet(`${states.length - reasons.length} of ${states.length} are ready; ${reason}`);
    },
    options(),
  );

  const operator = client(first, expected.managementToken);
  await poll(
    "waiting for the ACL bootstrap",
    () => bootstrapAcl(operator, expected.managementToken),
    options(),
  );

  await poll(
    "waiting for the nodes",
    async () => {
      const ready = new Set(
        (await operator.nodes()).filter((node) => node.Status === "ready").map((node) => node.Name),
      );
      const missing = expected.nodeNames.filter((name) => !ready.has(name));
      return missing.length > 0
        ? new NotYet(
            `not ready: ${missing.join(", ")} (on the node, /var/log/cloud-init-output.log and "journalctl -u nomad" say more)`,
          )
        : true;
    },
    options(),
  );
}

/** `ready`, or why the server is not. */
async function serverState(server: NomadClient, { serverAddresses }: ReadinessArgs): Promise<string> {
  try {
    if ((await server.leader()) === "") return "servers answer, but have no leader";
    const peers = await server.peers();
    return peers.length < serverAddresses.length
      ? `${peers.length} of ${serverAddresses.length} servers have joined`
      : "ready";
  } catch (error) {
    return errorMessage(error);
  }
}

/** Makes `secret` the management token unless it is already; refuses a cluster that has another. */
export async function bootstrapAcl(
  operator: Pick<NomadClient, "tokenIsKnown" | "bootstrapAcl">,
  secret: string,
): Promise<true> {
  if (await operator.tokenIsKnown()) return true;
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
  return true;
}
