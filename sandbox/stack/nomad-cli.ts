import path from "node:path";
import { execa } from "execa";
import writeFileAtomic from "write-file-atomic";
import { UsageError } from "../progress.ts";
import type { Sandbox } from "../sandbox.ts";
import { proxyExceptions } from "../settings.ts";
import { runOnTerminal } from "./run-on-terminal.ts";
import type { TerminalOptions } from "./run-on-terminal.ts";
import type { StackOutputs } from "./stack.ts";

/** As `GET /v1/nodes` lists it. */
export interface NomadNode {
  readonly Name: string;
  readonly Status: string;
}

/** As `GET /v1/jobs` lists it. */
export interface NomadJob {
  readonly ID: string;
  readonly Namespace: string;
  readonly Type: string;
  readonly Priority: number;
  readonly Status: string;
}

/** As `GET /v1/allocations` lists it. */
export interface NomadAllocation {
  readonly JobID: string;
  readonly Namespace: string;
  readonly NodeName: string;
  readonly DesiredStatus: string;
  readonly ClientStatus: string;
  /** Id of the one that took its place, or "". */
  readonly NextAllocation: string;
  /** By name of the task; null until a client has taken the allocation. */
  readonly TaskStates: Readonly<
    Record<string, { readonly Events: readonly { DisplayMessage: string }[] }>
  > | null;
}

/** The Nomad CLI on the sandbox's cluster. */
export interface NomadCli {
  /** Runs it on the user's terminal and returns its exit code. */
  onTerminal(args: readonly string[]): Promise<number>;
  /** Nodes, jobs and allocations of all namespaces. Fails if there is no answer within five seconds. */
  list(): Promise<{ nodes: NomadNode[]; jobs: NomadJob[]; allocations: NomadAllocation[] }>;
}

/** Longest wait for a server's answer, in milliseconds. */
const answerTimeout = 3_000;

/** Fails with what to do if the cluster is not made yet. */
export async function nomadCli(sandbox: Sandbox, outputs: StackOutputs): Promise<NomadCli> {
  const program = sandbox.tools.nomad.path;
  const options = await answeringServer(program, await nomadOptions(sandbox, outputs), outputs);
  async function get<Answer>(url: string): Promise<Answer> {
    const api = ["operator", "api", url];
    const { stdout } = await execa(program, api, { ...options, stdin: "ignore", timeout: 5000 });
    return JSON.parse(stdout) as Answer;
  }
  return {
    onTerminal: (args) => runOnTerminal(program, args, options),
    list: async () => {
      const [nodes, jobs, allocations] = await Promise.all([
        get<NomadNode[]>("/v1/nodes"),
        get<NomadJob[]>("/v1/jobs?namespace=*"),
        get<NomadAllocation[]>("/v1/allocations?namespace=*"),
      ]);
      return { nodes, jobs, allocations };
    },
  };
}

/** The options, with the address of the first server that answers; as they are if none does. */
async function answeringServer(
  program: string,
  options: TerminalOptions,
  { nomadAddress, connection }: StackOutputs,
): Promise<TerminalOptions> {
  const others = (connection?.addresses ?? []).filter((address) => address !== nomadAddress);
  // The CLI says itself why its only server does not answer.
  if (others.length === 0) return options;
  const at = (address: string) => ({ ...options, env: { ...options.env, NOMAD_ADDR: address } });
  for (const server of [options, ...others.map(at)]) {
    const asked = { ...server, stdin: "ignore", timeout: answerTimeout, reject: false } as const;
    if (!(await execa(program, ["operator", "api", "/v1/status/leader"], asked)).failed) return server;
  }
  return options;
}

/** The cluster's address, CA certificate and management token as the CLI takes them, and no setting of the user's own. */
async function nomadOptions({ settings }: Sandbox, outputs: StackOutputs): Promise<TerminalOptions> {
  const { nomadAddress, caCertificate, managementToken } = outputs;
  if (!nomadAddress || !caCertificate || !managementToken)
    throw new UsageError("the cluster is not made yet: `npm start` goes on with it");
  const caFile = path.join(settings.stateDir, "nomad-ca.pem");
  // Atomically, because another command may be reading it.
  await writeFileAtomic(caFile, caCertificate, { mode: 0o600 });
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("NOMAD_"),
  );
  const env = {
    ...Object.fromEntries(own),
    ...proxyExceptions(process.env),
    NOMAD_ADDR: nomadAddress,
    NOMAD_CACERT: caFile,
    NOMAD_TOKEN: managementToken,
  };
  return { cwd: settings.root, env, extendEnv: false };
}
