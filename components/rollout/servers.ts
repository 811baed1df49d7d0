import { NomadClient } from "../clients/nomad/client.ts";
import { NomadApiError } from "../clients/nomad/request.ts";
import { errorMessage, PermanentError } from "./poll.ts";

/** The calls of {@link NomadClient}, whoever answers them. */
export type NomadApi = Pick<NomadClient, keyof NomadClient>;

/** Makes one call of a cluster, through whichever server answers. */
export type AskCluster = <Answer>(call: (server: NomadApi) => Promise<Answer>) => Promise<Answer>;

/** How a server's agent is reached. */
export interface ServerAddress {
  /** URL of its API. */
  readonly address: string;
  /** Name that its certificate must have. Default: the address's host. */
  readonly serverName?: string;
}

export interface ClusterAccess {
  readonly caCertificate: string;
  readonly managementToken: string;
  /** Milliseconds for one answer. Default 5,000. */
  readonly timeout?: number;
}

export function nomadClient(
  address: ServerAddress,
  { caCertificate, managementToken, timeout = 5_000 }: ClusterAccess,
): NomadApi {
  return new NomadClient({ ...address, caCertificate, token: managementToken, timeout });
}

/**
 * Asks the servers in turn, the one that answered last first. An answer that only another server could better, none or
 * a 5xx, is tried with the next, unless it is a `PermanentError`; every call that a rollout makes may be made twice.
 */
export function askCluster(servers: readonly NomadApi[]): AskCluster {
  let order = [...servers];
  return async (call) => {
    const failures: string[] = [];
    for (const server of order)
      try {
        const answer = await call(server);
        order = [server, ...order.filter((other) => other !== server)];
        return answer;
      } catch (error) {
        if (error instanceof PermanentError || (error instanceof NomadApiError && error.status < 500))
          throw error;
        failures.push(errorMessage(error));
      }
    throw new Error(failures.join("; "));
  };
}
