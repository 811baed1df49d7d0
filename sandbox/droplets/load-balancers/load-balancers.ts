import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import writeFileAtomic from "write-file-atomic";
import type { HypervisorLoadBalancer } from "../../../emulators/digitalocean/index.ts";
import type { SandboxSettings } from "../../settings.ts";
import { waitFor } from "../../wait-for.ts";
import { balancerNamespace } from "../names.ts";
import type { PublicNetwork } from "../network/public-network.ts";
import { Queue } from "../queue.ts";
import { balancerNamespaces, ensureBalancerNetwork, removeNamespace } from "./balancer-network.ts";
import { checksBackend, haproxyConfiguration } from "./haproxy-configuration.ts";
import type { HaproxyFiles } from "./haproxy-configuration.ts";
import { askHaproxy, haproxyWorker } from "./haproxy-socket.ts";
import { serverStates } from "./server-states.ts";

interface BalancerFiles extends HaproxyFiles {
  readonly directory: string;
  /** Of the socket, whose path the kernel wants short. */
  readonly run: string;
  readonly configuration: string;
  /** Of the process that starts a worker for each new configuration. */
  readonly pid: string;
}

/**
 * Load balancers as HAProxy of this machine, each in a network namespace of its own that has the load balancer's public
 * address and its address in the VPC. They go on when the sandbox's daemon ends, as droplets do.
 */
export class LoadBalancers {
  readonly #settings: SandboxSettings;
  readonly #network: PublicNetwork;
  readonly #queue = new Queue();

  constructor(settings: SandboxSettings, network: PublicNetwork) {
    this.#settings = settings;
    this.#network = network;
  }

  /** Starts a load balancer, or gives one that runs another configuration: connections that it has go on as they are. */
  set(balancer: HypervisorLoadBalancer): Promise<void> {
    return this.#queue.run(balancer.id, () => this.#set(balancer));
  }

  /** Ends a load balancer, with the connections that it has. */
  remove(id: string): Promise<void> {
    return this.#queue.run(id, async () => {
      await removeNamespace(balancerNamespace(this.#settings.id, id));
      const { directory, run } = this.#files(id);
      for (const left of [directory, run]) await rm(left, { recursive: true, force: true });
    });
  }

  #files(id: string): BalancerFiles {
    const directory = path.join(this.#settings.stateDir, "load-balancers", id);
    const run = path.join(runDirectory(this.#settings), id);
    return {
      directory,
      configuration: path.join(directory, "haproxy.cfg"),
      pid: path.join(directory, "haproxy.pid"),
      run,
      socket: path.join(run, "s"),
      serverStates: path.join(directory, "server-states"),
      certificate: (port) => path.join(directory, `port-${port}.pem`),
    };
  }

  async #set(balancer: HypervisorLoadBalancer): Promise<void> {
    const files = this.#files(balancer.id);
    const namespace = await ensureBalancerNetwork(this.#settings.id, this.#network, balancer);
    for (const folder of [files.directory, files.run]) await mkdir(folder, { recursive: true, mode: 0o700 });
    const worker = await haproxyWorker(files.socket);
    await writeFiles(balancer, files, await askHaproxy(files.socket, `show servers state ${checksBackend}`));
    const haproxy = ["netns", "exec", namespace, "haproxy", "-f", files.configuration];
    const checked = await execa("ip", [...haproxy, "-c"], { reject: false, stdin: "ignore" });
    if (checked.exitCode !== 0)
      throw new Error(`HAProxy refuses the configuration of load balancer ${balancer.id}: ${checked.stderr}`);
    if (worker === undefined) {
      await execa("ip", [...haproxy, "-W", "-D", "-p", files.pid], { stdio: "ignore" });
    } else {
      process.kill(Number(await readFile(files.pid, "utf8")), "SIGUSR2");
    }
    const changed = async () => {
      const current = await haproxyWorker(files.socket);
      return current === worker ? undefined : current;
    };
    if ((await waitFor(changed, { seconds: 10, every: 50 })) === undefined)
      throw new Error(`HAProxy of load balancer ${balancer.id} has not taken its configuration within 10 s`);
  }
}

async function writeFiles(
  balancer: HypervisorLoadBalancer,
  files: BalancerFiles,
  shown: string | undefined,
): Promise<void> {
  const secret = { mode: 0o600 };
  for (const { certificate, entryPort } of balancer.forwardingRules) {
    if (certificate === undefined) continue;
    const { leafCertificate, certificateChain, privateKey } = certificate;
    const pem = [leafCertificate, certificateChain, privateKey].map((text) => text.trim()).join("\n");
    await writeFileAtomic(files.certificate(entryPort), `${pem}\n`, secret);
  }
  const { port } = balancer.healthCheck;
  const servers = balancer.targets.map(({ dropletId, address }) => ({ dropletId, address, port }));
  await writeFileAtomic(files.serverStates, serverStates(servers, shown), secret);
  await writeFileAtomic(files.configuration, haproxyConfiguration(balancer, files), secret);
}

const runDirectory = (settings: SandboxSettings) => path.join("/run/nomad-digitalocean", settings.id);

/** Ends all load balancers of the sandbox and removes their networks; returns how many there were. */
export async function endLoadBalancers(settings: SandboxSettings): Promise<number> {
  const namespaces = await balancerNamespaces(settings.id);
  for (const namespace of namespaces) await removeNamespace(namespace);
  await rm(runDirectory(settings), { recursive: true, force: true });
  return namespaces.length;
}
