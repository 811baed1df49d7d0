import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { startS3Server as startServer } from "../../../sandbox/spaces/s3-server.ts";
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
  const directory = await mkdtemp(path.join(os.tmpdir(), "s3-server-"));
  const { stdout: address } = await execa("docker", [
    ...["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"],
  ]);
  const key = { accessKeyId: "key-of-the-test", secretAccessKey: "canary-secret-key" };
  const place = { region: "sgp1", bucket: "backups" };
  const port = await freePort();
  const options = { cacheDir, address, port, directory, key, logFile: path.join(directory, "server.log") };
  const run = () => startServer({ ...options, ...place });
  let server: Awaited<ReturnType<typeof run>> | undefined = await run();
  const stop = async () => {
    await server?.close();
    server = undefined;
  };
  return {
    ...{ endpoint: server.url, ...place, ...key },
    stop,
    start: async () => {
      server = await run();
    },
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}
