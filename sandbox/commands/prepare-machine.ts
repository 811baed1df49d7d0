import { copyFile, link, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { ensureDropletImage } from "../droplets/image.ts";
import { ghostImage, ghostReference } from "../offline/images/ghost-image.ts";
import { mackerelAgentImage, mackerelAgentReference } from "../offline/images/mackerel-agent-image.ts";
import { nginxImage, nginxReference } from "../offline/images/nginx-image.ts";
import { servedImage } from "../offline/images/official-image.ts";
import { describeImage } from "../offline/images/served-image.ts";
import type { ServedImage, StandInImage } from "../offline/images/served-image.ts";
import { downloadsDirectory, nomadReleasePath } from "../mirrors/downloads.ts";
import { runSteps } from "../progress.ts";
import type { Step } from "../progress.ts";
import type { SandboxSettings } from "../settings.ts";
import { ensureDockerDaemon } from "../tools/docker-daemon.ts";
import { installTool } from "../tools/install-tool.ts";
import { nomadArchive } from "../tools/nomad-archive.ts";
import type { NomadArchive } from "../tools/nomad-archive.ts";
import { findLanguageHost, installPlugin, providerPlugins } from "../tools/pulumi-plugins.ts";
import { ensureSystemPackages } from "../tools/system-packages.ts";
import { mackerelAgent, nomad, pulumi } from "../tools/tool-table.ts";
import type { InstalledTool } from "../tools/tool.ts";
import type { Installation } from "./installation.ts";

export interface PreparedMachine {
  readonly installation: Installation;
  readonly nomadArchive: NomadArchive;
  readonly dropletImage: string;
  /** Images that jobs ask for and the registry mirror serves. */
  readonly images: readonly ServedImage[];
}

/** Sees to all that the sandbox needs on this machine, with its progress on the screen. */
export async function prepareMachine(settings: SandboxSettings): Promise<PreparedMachine> {
  const { root, cacheDir } = settings;
  await runSteps([
    { title: "System packages", run: (report) => ensureSystemPackages(cacheDir, report) },
    { title: "Docker", run: (report) => ensureDockerDaemon(cacheDir, report) },
  ]);
  const made: Partial<Record<"pulumi" | "nomad", InstalledTool>> = {};
  const plugins: InstalledTool[] = [];
  const images: ServedImage[] = [];
  let archive: NomadArchive | undefined;
  let dropletImage = "";
  await runSteps(
    [
      {
        title: "Pulumi",
        run: async (report) => {
          const tool = (made.pulumi = await installTool(pulumi, cacheDir, report));
          plugins.push(await findLanguageHost(tool, root));
          for (const name of providerPlugins) {
            plugins.push(
              await installPlugin(name, tool, { root, cacheDir }, (text) => report(`${name}: ${text}`)),
            );
          }
          return `${describe(tool)}; ${describePlugins(plugins)}`;
        },
      },
      {
        title: "Nomad",
        run: async (report) => {
          const tool = (made.nomad = await installTool(nomad, cacheDir, report));
          report("packing the archive that droplets download");
          archive = await nomadArchive(tool, cacheDir);
          await offerDownload(settings, archive);
          return describe(tool);
        },
      },
      imageStep("Mackerel agent", mackerelAgentReference, images, async (report) => {
        const tool = await installTool(mackerelAgent, cacheDir, report);
        return mackerelAgentImage(cacheDir, tool.path, report);
      }),
      imageStep("Ghost", ghostReference, images, (report) => ghostImage(cacheDir, report)),
      imageStep("nginx", nginxReference, images, (report) => nginxImage(cacheDir, report)),
      {
        title: "Droplet image",
        run: async (report) => (dropletImage = await ensureDropletImage(settings, report)),
      },
    ],
    { concurrent: true },
  );
  if (!made.pulumi || !made.nomad || !archive) throw new Error("a step above ended without its result");
  const installation = { pulumi: made.pulumi, nomad: made.nomad, plugins };
  return { installation, nomadArchive: archive, dropletImage, images };
}

function imageStep(
  title: string,
  reference: string,
  images: ServedImage[],
  build: (report: (text: string) => void) => Promise<StandInImage>,
): Step {
  return {
    title,
    run: async (report) => {
      const image = await servedImage(reference, () => build(report), report);
      images.push(image);
      return describeImage(image);
    },
  };
}

/** Puts the archive where the sandbox's download mirror serves it. */
async function offerDownload(settings: SandboxSettings, archive: NomadArchive): Promise<void> {
  const offered = path.join(downloadsDirectory(settings), nomadReleasePath(archive.version));
  await mkdir(path.dirname(offered), { recursive: true });
  await rm(offered, { force: true });
  await link(archive.file, offered).catch(async (error: NodeJS.ErrnoException) => {
    // The other clone may have put it there between the two steps above.
    if (error.code !== "EEXIST") await copyFile(archive.file, offered);
  });
}

function describe({ version, origin }: InstalledTool): string {
  const how = {
    path: "on PATH",
    official: "official release",
    built: "built from Go modules",
    "stand-in": "stand-in",
  };
  return `${version}, ${how[origin]}`;
}

function describePlugins(plugins: readonly InstalledTool[]): string {
  const standIns = plugins.filter(({ origin }) => origin === "stand-in");
  if (standIns.length === 0) return "official plugins";
  return `stand-ins for ${standIns.map(({ name }) => name.replace(/^pulumi-(resource-)?/, "")).join(", ")}`;
}
