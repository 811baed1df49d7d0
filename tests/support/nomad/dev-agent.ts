import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startNomadProcess } from "./process.ts";

/** The `nomad` binary on PATH; undefined when there is none, so that a suite can skip itself and say why. */
export function findNomad(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const directories = (environment["PATH"] ?? "").split(path.delimiter);
  return directories.map((directory) => path.join(directory, "nomad")).find((file) => existsSync(file));
}

/** A Nomad agent in development mode: server and client in one, ACLs on, `raw_exec` allowed. */
export interface NomadAgent {
  readonly address: string;
  /** Secret id of the bootstrap token. */
  readonly token: string;
  call(method: string, path: string, body?: unknown): Promise<Response>;
  stop(): Promise<void>;
}

/**
 * A TCP port of loopback that nothing listens on. It is below the ports that the kernel gives to connections, one of which would
 * take it before the caller does, and below those that Nomad gives to jobs.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(10_000, 20_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  throw new Error("no port was free in 100 attempts");
}

/** What the agent's node offers to jobs. */
export interface NomadAgentOptions {
  /** Further settings of the agent's `client` block. */
  readonly client?: object;
  /** Directories by the name of the host volume. */
  readonly hostVolumes?: Readonly<Record<string, { readonly path: string; readonly read_only: boolean }>>;
}

/** Starts an agent on free ports of this machine and waits until it has a leader, a token and a ready node. */
export async function startNomadAgent(nomad: string, options: NomadAgentOptions = {}): Promise<NomadAgent> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "nomad-agent-"));
  // Tasks that are not root read their files in it.
  await chmod(directory, 0o711);
  const [http, rpc, serf] = [await freePort(), await freePort(), await freePort()];
  const configuration = {
    ports: { http, rpc, serf },
    acl: { enabled: true },
    disable_update_check: true,
    // No questions to a cloud's metadata service, which a test machine may have.
    client: {
      // Nomad misreads a block of JSON in which there are only blocks.
      enabled: true,
      options: { "fingerprint.denylist": "env_aws,env_gce,env_azure,env_digitalocean" },
      ...options.client,
      ...(options.hostVolumes && { host_volume: options.hostVolumes }),
    },
  };
  const agent = await startNomadProcess(nomad, directory, configuration, ["-dev"]);
  const address = `http://127.0.0.1:${http}`;
  let token = "";
  const call = (method: string, target: string, body?: unknown) =>
    fetch(new URL(target, address), {
      method,
      headers: { "X-Nomad-Token": token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const until = async (what: string, done: () => Promise<boolean>) => {
    for (const deadline = Date.now() + 60_000; ; await sleep(300)) {
      // Until it listens, a refused connection is "not yet".
      if (agent.running() && (await done().catch(() => false))) return;
      if (!agent.running() || Date.now() > deadline)
        throw new Error(`${what} did not happen:\n${await agent.log()}`);
    }
  };
  try {
    await until("the ACL bootstrap", async () => {
      const answer = await call("POST", "/v1/acl/bootstrap");
      if (answer.status === 200) token = ((await answer.json()) as { SecretID: string }).SecretID;
      return token !== "";
    });
    await until("a ready node", async () => {
      const nodes = (await (await call("GET", "/v1/nodes")).json()) as { Status: string }[];
      return nodes.some(({ Status }) => Status === "ready");
    });
  } catch (error) {
    await agent.stop();
    throw error;
  }
  return { address, token, call, stop: () => agent.stop() };
}
