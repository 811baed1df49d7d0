import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startNomadProcess } from "../process.ts";
import type { NomadProcess } from "../process.ts";

/** Nomad servers and clients on loopback, without ACLs; clients run `raw_exec` tasks only. */
export interface LoopbackCluster {
  /** URL of the first server's HTTP API. */
  readonly address: string;
  get<Answer>(target: string): Promise<Answer>;
  call(method: string, target: string, body?: object): Promise<Response>;
  stop(): Promise<void>;
}

interface Size {
  /** First three bytes of loopback addresses that no other test uses: each agent has Nomad's own ports on one of its own. */
  readonly subnet: string;
  readonly servers: number;
  readonly clients: number;
}

/** Starts all agents of `nomad` at once and waits until every client is ready. */
export async function startLoopbackCluster(nomad: string, size: Size): Promise<LoopbackCluster> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "loopback-cluster-"));
  const agents: NomadProcess[] = [];
  const start = async (name: string, address: string, configuration: object) => {
    const own = path.join(directory, name);
    await mkdir(own);
    agents.push(
      await startNomadProcess(nomad, own, { ...agentConfiguration(name, address), ...configuration }),
    );
  };
  const addresses = Array.from(
    { length: size.servers + size.clients },
    (_, index) => `${size.subnet}.${index + 1}`,
  );
  const servers = addresses.slice(0, size.servers);
  const address = `http://${servers[0]!}:4646`;
  const call = (method: string, target: string, body?: object) =>
    fetch(new URL(target, address), { method, ...(body && { body: JSON.stringify(body) }) });
  const cluster = {
    address,
    call,
    get: async <Answer>(target: string) => (await (await call("GET", target)).json()) as Answer,
    async stop() {
      await Promise.all(agents.map((agent) => agent.stop()));
      await rm(directory, { recursive: true, force: true });
    },
  };
  const until = async (what: string, done: () => Promise<boolean>) => {
    for (const deadline = Date.now() + 200_000; ; await sleep(300)) {
      // Until it listens, a refused connection is "not yet".
      if (await done().catch(() => false)) return;
      if (Date.now() > deadline) throw new Error(`${what} did not happen:\n${await agents[0]!.log()}`);
    }
  };
  try {
    await Promise.all(
      servers.map((own, index) => start(`server-${index + 1}`, own, serverConfiguration(servers))),
    );
    // A client that finds no leader tries again only after half a minute.
    await until("the election of a leader", async () => (await cluster.get("/v1/status/leader")) !== "");
    await Promise.all(
      addresses
        .slice(size.servers)
        .map((own, index) => start(`client-${index + 1}`, own, clientConfiguration(servers))),
    );
    await until("every client's registration", async () => (await readyNodes(cluster)) === size.clients);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function readyNodes({ get }: Pick<LoopbackCluster, "get">): Promise<number> {
  const nodes = await get<{ Status: string }[]>("/v1/nodes");
  return nodes.filter(({ Status }) => Status === "ready").length;
}

const agentConfiguration = (name: string, address: string) => ({
  name,
  bind_addr: address,
  advertise: { http: address, rpc: address, serf: address },
  disable_update_check: true,
});

const serverConfiguration = (servers: readonly string[]) => ({
  server: {
    enabled: true,
    bootstrap_expect: servers.length,
    server_join: { retry_join: servers, retry_interval: "1s" },
  },
});

const clientConfiguration = (servers: readonly string[]) => ({
  client: {
    enabled: true,
    servers,
    options: {
      "driver.allowlist": "raw_exec",
      // No questions to a cloud's metadata service, which a test machine may have.
      "fingerprint.denylist": "env_aws,env_gce,env_azure,env_digitalocean",
    },
  },
  plugin: { raw_exec: { config: { enabled: true } } },
});
