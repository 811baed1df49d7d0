import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { vi } from "vitest";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { versitygw } from "../../../sandbox/tools/tool-table.ts";
import { freePort } from "../nomad/dev-agent.ts";

/** A real server with the S3 API and one bucket, that containers of this machine reach. */
export interface S3Server {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Ends it; objects stay. */
  stop(): Promise<void>;
  /** Starts it again at the same address, with what it had. */
  start(): Promise<void>;
  /** Ends it and removes the objects. */
  remove(): Promise<void>;
}

/** Starts versitygw on Docker's bridge. */
export async function startS3Server(cacheDir: string): Promise<S3Server> {
  const { path: program } = await installTool(versitygw, cacheDir);
  const directory = await mkdtemp(path.join(os.tmpdir(), "s3-server-"));
  const bucket = "backups";
  await mkdir(path.join(directory, "objects", bucket), { recursive: true });
  await mkdir(path.join(directory, "versions"));
  const { stdout: bridge } = await execa("docker", [
    ...["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"],
  ]);
  const address = `${bridge}:${await freePort()}`;
  const key = { accessKeyId: "key-of-the-test", secretAccessKey: "canary-secret-key" };
  const run = () =>
    execa(
      program,
      [
        ...["--port", address, "--region", "sgp1", "--quiet", "posix"],
        ...["--versioning-dir", path.join(directory, "versions"), path.join(directory, "objects")],
      ],
      {
        env: { ROOT_ACCESS_KEY_ID: key.accessKeyId, ROOT_SECRET_ACCESS_KEY: key.secretAccessKey },
        ...{ reject: false, buffer: false, stdio: "ignore" },
      },
    );
  let server: ReturnType<typeof run> | undefined;
  const stop = async () => {
    server?.kill("SIGKILL");
    await server;
    server = undefined;
  };
  const endpoint = `http://${address}`;
  const start = async () => {
    server = run();
    // Without a signature it answers with a refusal, once it listens.
    await vi.waitFor(() => fetch(endpoint), { timeout: 30_000, interval: 200 });
  };
  await start();
  return {
    ...{ endpoint, region: "sgp1", bucket, ...key },
    ...{ stop, start },
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}
