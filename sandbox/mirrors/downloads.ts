import fastifyStatic from "@fastify/static";
import fastify from "fastify";
import { copyFile, link, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { ports } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import type { NomadArchive } from "../tools/nomad-archive.ts";
import type { Service } from "./service-process.ts";

export interface DownloadsOptions {
  readonly settings: SandboxSettings;
  /** Gateway address of the sandbox's public network. */
  readonly address: string;
  /** @default `ports.downloads` */
  readonly port?: number;
}

/** Directory whose files are served. */
export const downloadsDirectory = (settings: SandboxSettings) => path.join(settings.cacheDir, "downloads");

/** Where a Nomad release is below its folder, as releases.hashicorp.com lays it out. */
export const nomadReleasePath = (version: string) => `${version}/nomad_${version}_linux_amd64.zip`;

/** Serves `downloadsDirectory`, with ranges, and nothing else. */
export async function startDownloads(options: DownloadsOptions): Promise<Service> {
  const { settings, address, port = ports.downloads } = options;
  const root = downloadsDirectory(settings);
  await mkdir(root, { recursive: true });
  const server = fastify({ forceCloseConnections: true });
  await server.register(fastifyStatic, { root, index: false, dotfiles: "ignore" });
  const url = await server.listen({ host: address, port });
  return { url, close: () => server.close() };
}

/** Puts the archive of a Nomad release where it is served. */
export async function offerDownload(settings: SandboxSettings, archive: NomadArchive): Promise<void> {
  const offered = path.join(downloadsDirectory(settings), archive.folder, nomadReleasePath(archive.version));
  await mkdir(path.dirname(offered), { recursive: true });
  await rm(offered, { force: true });
  await link(archive.file, offered).catch(async (error: NodeJS.ErrnoException) => {
    // Another clone may have put it there between the two steps above.
    if (error.code !== "EEXIST") await copyFile(archive.file, offered);
  });
}
