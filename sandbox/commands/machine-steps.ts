import { describeDropletImage, ensureDropletImage } from "../droplets/image.ts";
import { dockerImages, servedImage } from "../images/official-image.ts";
import { describeImage } from "../images/served-image.ts";
import type { ServedImage } from "../images/served-image.ts";
import { offerDownload } from "../mirrors/downloads.ts";
import { standInImages } from "../offline/images.ts";
import type { StandInImageBuild } from "../offline/images.ts";
import type { ResultStep } from "../progress.ts";
import type { SandboxSettings } from "../settings.ts";
import { ensureDockerDaemon } from "../tools/docker-daemon.ts";
import { previousInstallation } from "../tools/installation.ts";
import { installTool } from "../tools/install-tool.ts";
import { nomadArchive } from "../tools/nomad-archive.ts";
import type { NomadArchive } from "../tools/nomad-archive.ts";
import { installPlugins } from "../tools/pulumi-plugins.ts";
import { ensureSystemPackages } from "../tools/system-packages.ts";
import * as tools from "../tools/tool-table.ts";
import type { InstalledTool } from "../tools/tool.ts";

/** What `npm start` does on this machine before a sandbox can start. */

export const systemPackages = ({ cacheDir }: SandboxSettings): ResultStep<string> => ({
  title: "System packages",
  run: (report) => ensureSystemPackages(cacheDir, report),
  summary: (text) => text,
});

export const docker = ({ cacheDir }: SandboxSettings): ResultStep<string> => ({
  title: "Docker",
  run: (report) => ensureDockerDaemon(cacheDir, report),
  summary: (text) => text,
});

export const pulumi = ({
  root,
  cacheDir,
}: SandboxSettings): ResultStep<{ cli: InstalledTool; plugins: InstalledTool[] }> => ({
  title: "Pulumi",
  run: async (report) => {
    const cli = await installTool(tools.pulumi, cacheDir, report);
    return { cli, plugins: await installPlugins(cli, { root, cacheDir }, report) };
  },
  summary: ({ cli, plugins }) => `${describeTool(cli)}; ${describePlugins(plugins)}`,
});

/** The one that was given at this start or an earlier one: a cluster does not change its Nomad by itself. */
export const nomad = (
  settings: SandboxSettings,
): ResultStep<{ tool: InstalledTool; archive: NomadArchive }> => ({
  title: "Nomad",
  run: async (report) => {
    const before = (await previousInstallation(settings))?.nomad;
    const keeps = before?.origin === "given" && process.env[tools.givenNomadVariable] === undefined;
    const tool = keeps ? before : await installTool(tools.nomad, settings.cacheDir, report);
    report("packing the archive that droplets download");
    const archive = await nomadArchive(tool, settings.cacheDir);
    await offerDownload(settings, archive);
    return { tool, archive };
  },
  summary: ({ tool }) => describeTool(tool),
});

/** The images that the stack's jobs ask for. */
export const images = (settings: SandboxSettings) => ({
  mackerelAgent: image("Mackerel agent", standInImages.mackerelAgent, settings),
  ghost: image("Ghost", standInImages.ghost, settings),
  nginx: image("nginx", standInImages.nginx, settings),
});

/** What backups need beside the rest, of which two programs may have to be built. */
export const backupImages = (settings: SandboxSettings) => ({
  litestream: image("Litestream", standInImages.litestream, settings),
  restic: image("restic", standInImages.restic, settings),
});

export const spaces = ({ cacheDir }: SandboxSettings): ResultStep<InstalledTool> => ({
  title: "Spaces",
  run: (report) => installTool(tools.versitygw, cacheDir, report),
  summary: (tool) => `versitygw ${describeTool(tool)}`,
});

export const dropletImage = (settings: SandboxSettings): ResultStep<string> => ({
  title: "Droplet image",
  run: (report) => ensureDropletImage(settings, report),
  summary: (name) => describeDropletImage(settings.dropletImage, name),
});

const image = (
  title: string,
  { reference, build }: StandInImageBuild,
  { cacheDir }: SandboxSettings,
): ResultStep<ServedImage> => ({
  title,
  run: (report) => servedImage(reference, () => build(cacheDir, report), report, dockerImages(cacheDir)),
  summary: describeImage,
});

function describeTool({ version, origin, instead }: InstalledTool): string {
  const how = {
    given: "given by --nomad",
    path: "on PATH",
    official: "official release",
    built: "built from Go modules",
    "stand-in": "stand-in",
  };
  return `${version}, ${how[origin]}${instead === undefined ? "" : ` (${instead})`}`;
}

function describePlugins(plugins: readonly InstalledTool[]): string {
  const standIns = plugins.filter(({ origin }) => origin === "stand-in");
  if (standIns.length === 0) return "official plugins";
  const reasons = new Set(standIns.flatMap(({ instead }) => instead ?? []));
  const names = standIns.map(({ name }) => name.replace(/^pulumi-(resource-)?/, "")).join(", ");
  return `stand-ins for ${names}${reasons.size === 0 ? "" : ` (${[...reasons].join("; ")})`}`;
}
