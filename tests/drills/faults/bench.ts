import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import type { DigitalOceanApi, RequestEvent } from "../../../emulators/digitalocean/index.ts";
import { startDigitalOceanApi } from "../../../emulators/digitalocean/index.ts";
import { standInEnvironment } from "../../support/pulumi/stand-in-environment.ts";
import { LoopbackHypervisor } from "./loopback-hypervisor.ts";

const token = "drill-token";
const stack = "faults";
const programDirectory = path.join(import.meta.dirname, "program");

/** A run of the Pulumi CLI. */
export interface PulumiRun {
  readonly pid: number;
  /** Resolves when it has ended, however it ended. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly output: string }>;
  /** False once it has ended. */
  readonly running: () => boolean;
}

/** Programs that a bench runs. */
export interface BenchTools {
  readonly pulumi: string;
  readonly nomad: string;
  /** Directories of provider plugins that are taken before the stand-ins. */
  readonly plugins?: readonly string[];
}

/**
 * A DigitalOcean API emulator whose droplets are Nomad agents on loopback addresses, and a Pulumi stack on it. Benches
 * with different numbers, 0 to 99, run side by side.
 */
export class Bench {
  readonly directory: string;
  readonly hypervisor: LoopbackHypervisor;
  readonly api: DigitalOceanApi;
  readonly #tools: BenchTools;
  /** What `stack init` wrote into the stack's configuration. */
  #salt: string | undefined;

  private constructor(
    directory: string,
    hypervisor: LoopbackHypervisor,
    api: DigitalOceanApi,
    tools: BenchTools,
  ) {
    this.directory = directory;
    this.hypervisor = hypervisor;
    this.api = api;
    this.#tools = tools;
  }

  /** Makes the bench and the cluster on it. */
  static async start(number: number, tools: BenchTools): Promise<Bench> {
    const bench = await Bench.empty(number, tools);
    try {
      await bench.#create();
      return bench;
    } catch (error) {
      await bench.close();
      throw error;
    }
  }

  /** Makes the bench, whose program has not been run. */
  static async empty(number: number, tools: BenchTools): Promise<Bench> {
    const directory = await mkdtemp(path.join(os.tmpdir(), "fault-bench-"));
    await mkdir(path.join(directory, "backend"));
    await mkdir(path.join(directory, "droplets"));
    const hypervisor = new LoopbackHypervisor(tools.nomad, path.join(directory, "droplets"));
    const subnet = `127.${100 + number}.0`;
    const api = await startDigitalOceanApi({
      databaseFile: path.join(directory, "digitalocean.sqlite"),
      address: "127.0.0.1",
      port: 0,
      hypervisor,
      publicNetwork: { cidr: `${subnet}.0/23`, gateway: `${subnet}.1` },
      tokens: [token],
      // So that the program's own VPC is not the region's default, which cannot be deleted.
      regionsWithDefaultVpc: ["sgp1"],
      logFile: path.join(directory, "requests.ndjson"),
      delays: { droplet: 50, action: 50, firewall: 50, metadata: 50, shutdown: 50, release: 50 },
      limits: { reservedIps: 8 },
      rateLimit: { perHour: 1_000_000, perMinute: 100_000 },
    });
    const bench = new Bench(directory, hypervisor, api, tools);
    try {
      // `stack init` writes a configuration file beside Pulumi.yaml, so it runs on a project of the same name elsewhere.
      await writeFile(path.join(directory, "Pulumi.yaml"), "{ name: faults, runtime: nodejs }");
      await execa(tools.pulumi, ["stack", "init", stack, "--non-interactive"], bench.#options(directory));
      await bench.configure();
      return bench;
    } catch (error) {
      await bench.close();
      throw error;
    }
  }

  get #configFile(): string {
    return path.join(this.directory, `Pulumi.${stack}.yaml`);
  }

  /** Starts a command of the CLI that runs or reads the program. */
  pulumi(...args: string[]): PulumiRun {
    return this.#run([...args, "--config-file", this.#configFile]);
  }

  /** Sets how long an update waits for a droplet or a node, as long as usual by default, and other settings. */
  async configure(joinTimeout = "2m", others: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#salt ??= await readFile(this.#configFile, "utf8");
    const config = {
      "faults:joinTimeout": joinTimeout,
      "digitalocean:token": token,
      "digitalocean:apiEndpoint": this.api.url,
      ...others,
      "faults:snapshotDirectory": path.join(this.directory, "snapshots"),
    };
    // JSON is YAML.
    await writeFile(this.#configFile, `${this.#salt}config: ${JSON.stringify(config)}\n`);
  }

  /** Gives the lock of a killed command back. */
  async cancel(): Promise<void> {
    const { exitCode, output } = await this.#run(["cancel", "--yes"]).ended;
    if (exitCode !== 0) throw new Error(`pulumi cancel failed:\n${output}`);
  }

  #run(args: readonly string[]): PulumiRun {
    const process = execa(
      this.#tools.pulumi,
      [...args, "--stack", stack, "--non-interactive", "--color=never"],
      { ...this.#options(programDirectory), all: true, reject: false, stdin: "ignore", cleanup: true },
    );
    let running = true;
    const ended = process.then(({ exitCode, all }) => {
      running = false;
      return { exitCode, output: all };
    });
    return { pid: process.pid!, ended, running: () => running };
  }

  /** The stack's deployment with secrets in plain text. */
  async deployment(): Promise<unknown> {
    const { stdout } = await execa(
      this.#tools.pulumi,
      ["stack", "export", "--show-secrets", "--stack", stack, "--non-interactive"],
      this.#options(programDirectory),
    );
    return (JSON.parse(stdout) as { deployment: unknown }).deployment;
  }

  /** True if a killed command left the stack locked. */
  async isLocked(): Promise<boolean> {
    const entries = await readdir(path.join(this.directory, "backend/.pulumi/locks"), { recursive: true });
    return entries.some((entry) => entry.endsWith(".json"));
  }

  async call<Answer>(method: string, target: string, body?: object): Promise<Answer> {
    const response = await fetch(new URL(target, this.api.url), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  }

  async requests(): Promise<RequestEvent[]> {
    return (await this.call<{ requests: RequestEvent[] }>("GET", "/_emulator/requests")).requests;
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.hypervisor.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  async #create(): Promise<void> {
    const { exitCode, output } = await this.pulumi("up", "--yes", "--skip-preview").ended;
    if (exitCode !== 0) throw new Error(`the bench's cluster cannot be made:\n${output}`);
  }

  #options(cwd: string) {
    return { cwd, env: standInEnvironment(this.#tools.pulumi, this.directory, this.#tools.plugins) };
  }
}
