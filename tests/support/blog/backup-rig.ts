import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { expect, vi } from "vitest";
import { standInImages } from "../../../sandbox/offline/images.ts";
import { ensureDockerDaemon } from "../../../sandbox/tools/docker-daemon.ts";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../sandbox/tools/tool-table.ts";
import { startNomadAgent } from "../nomad/dev-agent.ts";
import type { NomadAgent } from "../nomad/dev-agent.ts";
import { containersOn } from "./containers.ts";
import { startS3Server } from "./s3-server.ts";
import type { S3Server } from "./s3-server.ts";

/** What a blog with backups runs on: a Nomad agent with its volume, and an S3 server. */
export interface BackupRig {
  readonly agent: NomadAgent;
  readonly store: S3Server;
  /** Directory of this machine that is the volume `blog-content`. */
  readonly content: string;
  /** Images in this machine's Docker. */
  readonly images: { readonly ghost: string; readonly litestreamImage: string; readonly resticImage: string };
  /** The address of Ghost, once it answers. */
  ghostAddress(): Promise<string>;
  /** Names of the blog's running containers, see {@link containersOn}. */
  containers(tasks?: string): Promise<string[]>;
  /** What a command prints in the container of a task. */
  inTask(task: string, ...command: string[]): Promise<string>;
  /** Waits until a file of the content is in the newest backup. */
  fileIsBackedUp(file: string): Promise<void>;
  /** As if the machine and its volume were gone: nothing is told to end. */
  loseEverything(): Promise<void>;
  /** Purges the blog's job, and waits until its containers have ended. */
  purge(): Promise<void>;
  /** The agent, the S3 server and the volume, once the job is purged. */
  remove(): Promise<void>;
}

/** Longest wait for a state, and the time between two looks, in milliseconds. */
export interface Waiting {
  readonly timeout: number;
  readonly interval: number;
}

export async function startBackupRig(cacheDir: string, waiting: Waiting): Promise<BackupRig> {
  await ensureDockerDaemon(cacheDir, () => undefined);
  const images = {
    ghost: await load(standInImages.ghost),
    litestreamImage: await load(standInImages.litestream),
    resticImage: await load(standInImages.restic),
  };
  const store = await startS3Server(cacheDir);
  const content = await mkdtemp(path.join(os.tmpdir(), "blog-content-"));
  await chmod(content, 0o755);
  const agent = await startNomadAgent((await installTool(nomad, cacheDir)).path, {
    hostVolumes: { "blog-content": { path: content, read_only: false } },
  });
  const containers = (tasks?: string) => containersOn(content, tasks);
  const inTask = async (task: string, ...command: string[]) => {
    const [container] = await containers(task);
    return (await execa("docker", ["exec", container!, ...command])).stdout;
  };
  const purge = async () => {
    await agent.call("DELETE", "/v1/job/ghost?purge=true");
    await vi.waitFor(async () => expect(await containers()).toEqual([]), waiting);
  };
  return {
    ...{ agent, store, content, images, containers, inTask, purge },
    ghostAddress: () => ghostAddress(agent, waiting),
    fileIsBackedUp: (file) =>
      vi.waitFor(async () => {
        expect(await inTask("backup-files", "restic", "ls", "latest")).toContain(`/content/${file}`);
      }, waiting),
    async loseEverything() {
      await execa("docker", ["kill", ...(await containers())]);
      await purge();
      for (const entry of await readdir(content)) await rm(path.join(content, entry), { recursive: true });
    },
    async remove() {
      await agent.stop();
      await store.remove();
      await rm(content, { recursive: true });
    },
  };

  async function load({ build }: (typeof standInImages)["ghost"]): Promise<string> {
    const { archive, localName } = await build(cacheDir);
    await execa("docker", ["load", "--input", archive]);
    return localName;
  }
}

function ghostAddress(agent: NomadAgent, waiting: Waiting): Promise<string> {
  return vi.waitFor(async () => {
    const answer = await agent.call("GET", "/v1/service/ghost");
    const [service] = (await answer.json()) as { Address: string; Port: number }[];
    expect(service, "Ghost's service is not registered").toBeDefined();
    const address = `http://${service!.Address}:${service!.Port}`;
    expect((await fetch(address)).status).toBe(200);
    return address;
  }, waiting);
}
