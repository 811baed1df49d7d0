import path from "node:path";
import { execa } from "execa";
import { pulumiArguments } from "../../sandbox/commands/pulumi-arguments.ts";
import { sandboxNames } from "../../sandbox/domains/sandbox-names.ts";
import type { NamedConnection } from "../../sandbox/domains/sandbox-names.ts";
import { openSandbox } from "../../sandbox/sandbox.ts";
import type { PulumiProcess } from "../../sandbox/stack/pulumi-cli.ts";
import { stackConfigFile } from "../../sandbox/stack/pulumi-environment.ts";
import { daemonState } from "../../sandbox/daemon/daemon-record.ts";
import type { SandboxSettings } from "../../sandbox/settings.ts";
import { blogUrls } from "../../sandbox/status/blog-urls.ts";

/** Tells what a drill does and sees. */
export type Report = (text: string) => void;

/** A node of the stack's cluster. */
export interface DrilledNode {
  /** Name in Nomad. */
  readonly name: string;
  readonly slot: string;
  readonly reservedIp?: string | null;
}

/** The stack's outputs that drills read, and how its blog is read. */
export interface DrilledStack {
  readonly nodes: readonly DrilledNode[];
  readonly blog: DrilledBlog;
  readonly caCertificate: string;
  readonly managementToken: string;
}

export interface DrilledBlog {
  /** The blog's own URL at a load balancer, or one a server's reserved address. */
  readonly urls: readonly string[];
  /** With the names and certificates of the sandbox. */
  readonly connection: NamedConnection;
}

/** The sandbox that runs, as a drill uses it. */
export interface RunningSandbox {
  readonly settings: SandboxSettings;
  /** URL of the DigitalOcean emulator. */
  readonly digitalocean: string;
  stack(): Promise<DrilledStack>;
  /** Value of the stack's configuration, decrypted; undefined if it is not set. */
  config(key: string): Promise<string | undefined>;
  setConfig(key: string, value: string): Promise<void>;
  /** Output of a Pulumi command. */
  output(...args: string[]): Promise<string>;
  /** Runs a Pulumi command with its output on standard error; fails if it does. */
  run(...args: string[]): Promise<void>;
  /** Begins `pulumi up` without questions, with its output on standard error. */
  beginUp(): PulumiProcess;
  /** As `beginUp`, to its end; fails if the update does. */
  up(): Promise<void>;
}

/** The sandbox of the settings; starts it first if it does not run. */
export async function runningSandbox(settings: SandboxSettings, report: Report): Promise<RunningSandbox> {
  if ((await daemonState(settings)).state !== "running") {
    report("no sandbox runs here, so one is started (`npm start`), some minutes");
    const cli = path.join(settings.root, "sandbox/cli.ts");
    await execa(process.execPath, [cli, "start"], { cwd: settings.root, stdio: ["ignore", 2, 2] });
  }
  const { services, pulumi: cli, stack } = await openSandbox(settings);
  if (!services) throw new Error("the sandbox does not run: `npm start` says why");
  const names = sandboxNames(settings, services.gateway);
  const configFile = stackConfigFile(settings);
  const onStack = (args: readonly string[]) => pulumiArguments(args, configFile);
  const begin = (...args: string[]) => cli.begin(onStack(args));
  const run = async (...args: string[]) => {
    const exitCode = await begin(...args).ended;
    if (exitCode !== 0)
      throw new Error(`\`pulumi ${args.join(" ")}\` ended with ${exitCode}: the lines above say why`);
  };
  const up = ["up", "--yes", "--skip-preview"];
  return {
    settings,
    digitalocean: services.digitalocean,
    stack: async () => {
      const outputs = await stack.outputs();
      const blog = { urls: await blogUrls(outputs, names), connection: names.connection() };
      return { ...(outputs as unknown as Omit<DrilledStack, "blog">), blog };
    },
    config: (key) => stack.config(key.includes(":") ? key : `nomad-digitalocean:${key}`),
    setConfig: async (key, value) => void (await cli.output(onStack(["config", "set", key, value]))),
    output: (...args) => cli.output(onStack(args)),
    run,
    beginUp: () => begin(...up),
    up: () => run(...up),
  };
}
