import { connect } from "node:net";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { waitFor } from "../wait-for.ts";

/** A running service of the sandbox. */
export interface Service {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface ServiceProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly address: string;
  readonly port: number;
  /** Variables beside those of this process, such as secrets, which arguments would show to everybody. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Its output is appended here. */
  readonly logFile: string;
}

/** The process ended before it listened. */
export class ServiceEnded extends Error {
  readonly exitCode: number | undefined;

  constructor(program: string, exitCode: number | undefined, logFile: string) {
    super(`${program} ended with status ${exitCode ?? "unknown"} before it listened; see ${logFile}`);
    this.exitCode = exitCode;
  }
}

/**
 * Starts a server as a child that ends with this process, whatever ends this process, and resolves when it listens on
 * its port. Rejects with `ServiceEnded` when it ends instead, or when it does not listen within 20 s.
 */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<Service> {
  const { program, args, address, port, environment, logFile } = options;
  if (await answers(address, port))
    throw new Error(`${address}:${port} is in use: ${program} cannot listen there`);
  await mkdir(path.dirname(logFile), { recursive: true });
  const output = { file: logFile, append: true };
  const child = execa("setpriv", ["--pdeathsig", "TERM", program, ...args], {
    stdin: "ignore",
    stdout: output,
    stderr: output,
    ...(environment && { env: environment }),
    reject: false,
    forceKillAfterDelay: 5000,
  });
  let ended = false;
  const end = child.then((result) => {
    ended = true;
    return result;
  });
  const close = async () => {
    child.kill("SIGTERM");
    await end;
  };
  const listens = async () => {
    if (ended) throw new ServiceEnded(program, (await end).exitCode, logFile);
    return (await answers(address, port)) || undefined;
  };
  if (await waitFor(listens, { seconds: 20, every: 50 })) return { url: `http://${address}:${port}`, close };
  await close();
  throw new Error(`${program} did not listen on ${address}:${port} within 20 s; see ${logFile}`);
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
    socket.setTimeout(1000, () => finish(false));
  });
}
