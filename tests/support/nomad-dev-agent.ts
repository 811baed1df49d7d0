import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === "string") throw new Error("no port was bound");
  return bound.port;
}

/** Starts an agent on free ports of this machine and waits until it has a leader, a token and a ready node. */
export async function startNomadAgent(nomad: string): Promise<NomadAgent> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "nomad-agent-"));
  const [http, rpc, serf] = [await freePort(), await freePort(), await freePort()];
  const configuration = {
    ports: { http, rpc, serf },
    acl: { enabled: true },
    disable_update_check: true,
    // No questions to a cloud's metadata service, which a test machine may have.
    client: { options: { "fingerprint.denylist": "env_aws,env_gce,env_azure,env_digitalocean" } },
  };
  await writeFile(path.join(directory, "agent.json"), JSON.stringify(configuration));
  const log: string[] = [];
  const agent = spawn(nomad, ["agent", "-dev", `-config=${path.join(directory, "agent.json")}`], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  agent.stdout.on("data", (chunk: Buffer) => log.push(chunk.toString()));
  agent.stderr.on("data", (chunk: Buffer) => log.push(chunk.toString()));
  const exited = new Promise((resolve) => agent.once("exit", resolve));
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
      if (agent.exitCode === null && (await done().catch(() => false))) return;
      if (agent.exitCode !== null || Date.now() > deadline)
        throw new Error(`${what} did not happen:\n${log.slice(-20).join("")}`);
    }
  };
  await until("the ACL bootstrap", async () => {
    const answer = await call("POST", "/v1/acl/bootstrap");
    if (answer.status === 200) token = ((await answer.json()) as { SecretID: string }).SecretID;
    return token !== "";
  });
  await until("a ready node", async () => {
    const nodes = (await (await call("GET", "/v1/nodes")).json()) as { Status: string }[];
    return nodes.some(({ Status }) => Status === "ready");
  });
  return {
    address,
    token,
    call,
    stop: async () => {
      agent.kill("SIGINT");
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
