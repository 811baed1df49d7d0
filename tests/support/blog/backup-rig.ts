import { chmod, mkdtemp, rm } from "node:fs/promises";
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
  /** To be called when no job runs any more. */
  remove(): Promise<void>;
}

export async function startBackupRig(cacheDir: string): Promise<BackupRig> {
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
  return {
    ...{ agent, store, content, images },
    ghostAddress: () => ghostAddress(agent),
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

function ghostAddress(agent: NomadAgent): Promise<string> {
  return vi.waitFor(
    async () => {
      const answer = await agent.call("GET", "/v1/service/ghost");
      const [service] = (await answer.json()) as { Address: string; Port: number }[];
      expect(service, "Ghost's service is not registered").toBeDefined();
      const address = `http://${service!.Address}:${service!.Port}`;
      expect((await fetch(address)).status).toBe(200);
      return address;
    },
    { timeout: 240_000, interval: 500 },
  );
}
