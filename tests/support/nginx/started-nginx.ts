import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { nginxFiles } from "../../../components/jobs/nginx/configuration/files.ts";
import { mainConfiguration } from "../../../components/jobs/nginx/configuration/main.ts";
import type { MachineFacts } from "../../../components/jobs/nginx/configuration/main.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { ensureSystemPackages } from "../../../sandbox/tools/system-packages.ts";
import { freePort } from "../nomad/dev-agent.ts";
import { nginxSite } from "../rendered-jobs.ts";
import type { NginxJobArgs } from "../rendered-jobs.ts";

export type NginxSiteArgs = Omit<NginxJobArgs, "datacenter" | "tls" | "httpPort">;

/** nginx of this machine with the configuration of the component, and the facts that Nomad would fill in given. */
export interface StartedNginx {
  readonly address: string;
  /** Where other instances ask it. */
  readonly peersPort: number;
  /** What it wrote to stderr. */
  complaints(): string;
  /** Loads another configuration as a changed Variable does; nginx takes it up a moment later. Fails if nginx complains of it. */
  reload(args: NginxSiteArgs, facts?: Partial<MachineFacts>): Promise<void>;
  stop(): Promise<void>;
}

/** Installs Debian's nginx, unless it is there. */
export async function installedNginx(): Promise<void> {
  const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../.."));
  await ensureSystemPackages(cacheDir, () => undefined);
}

/** Starts nginx on a free port of every address of this machine, in front of a server of loopback. */
export async function startNginx(
  upstream: { readonly port: number },
  args: NginxSiteArgs,
  facts: Partial<MachineFacts> = {},
): Promise<StartedNginx> {
  const root = await mkdtemp(path.join(os.tmpdir(), "nginx-"));
  // Workers are not root.
  await chmod(root, 0o711);
  const taskDirectory = path.join(root, "local");
  await mkdir(taskDirectory);
  const [httpPort, peersPort] = [await freePort(), await freePort()];
  const serviceServers = `    server 127.0.0.1:${upstream.port} fail_timeout=5s;`;
  const configure = async (current: NginxSiteArgs, currentFacts: Partial<MachineFacts>) => {
    const { site, holdingPage } = nginxSite({ ...current, httpPort, tls: false });
    const main = mainConfiguration({
      ...{ taskDirectory, serviceServers, peerServers: "", peerAddresses: "", isLeaving: "0" },
      ...currentFacts,
    });
    const listen = `listen 127.0.0.1:${peersPort};`;
    await writeFile(path.join(taskDirectory, nginxFiles.peersAddress), listen);
    await writeFile(path.join(taskDirectory, nginxFiles.main), main);
    await writeFile(path.join(taskDirectory, nginxFiles.site), site!);
    await writeFile(path.join(taskDirectory, nginxFiles.holdingPage), holdingPage!);
  };
  await configure(args, facts);
  const command = ["-e", "stderr", "-p", taskDirectory, "-c", path.join(taskDirectory, nginxFiles.main)];
  const started = spawn("/usr/sbin/nginx", command, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  started.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise((resolve) => started.once("exit", resolve));
  for (const deadline = Date.now() + 10_000; !(await listens(httpPort)); await sleep(20))
    if (started.exitCode !== null || Date.now() > deadline) throw new Error(`nginx does not listen: ${said}`);
  return {
    address: `http://127.0.0.1:${httpPort}`,
    peersPort,
    complaints: () => said,
    async reload(changed, changedFacts = facts) {
      await configure(changed, changedFacts);
      const test = spawn("/usr/sbin/nginx", [...command, "-t", "-q"], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      const complaint = await text(test.stderr);
      if (complaint !== "") throw new Error(complaint);
      started.kill("SIGHUP");
    },
    async stop() {
      started.kill("SIGTERM");
      await ended;
      await rm(root, { recursive: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
