import path from "node:path";
import { withLock } from "./file-lock.ts";
import { buildGoTool } from "../offline/tools.ts";
import { machineFacts } from "./machine-facts.ts";
import { ChecksumError, installRelease } from "./official-release.ts";
import { outside } from "./outside.ts";
import type { Outside } from "./outside.ts";
import { toolDirectory } from "./tool-cache.ts";
import { noSourceMessage, toolSources, whyBuilt } from "./tool-sources.ts";
import type { ToolSource } from "./tool-sources.ts";
import type { InstalledTool, Tool } from "./tool.ts";
import { errorMessage } from "../error-message.ts";

/**
 * Finds, downloads or builds a tool; nothing is fetched or built twice on a machine. A source that fails gives way to
 * the next one, except for an archive with a wrong checksum. Errors say what was tried and what to install.
 */
export async function installTool(
  tool: Tool,
  cacheDir: string,
  report: (text: string) => void = () => undefined,
  network: Outside = outside,
): Promise<InstalledTool> {
  return withLock(
    cacheDir,
    tool.name,
    async () => {
      const facts = await machineFacts(tool, cacheDir, network);
      const failures: string[] = [];
      for (const source of toolSources(tool, facts)) {
        try {
          const installed = await installFrom(
            tool,
            source,
            { platform: facts.platform, cacheDir, network },
            report,
          );
          const instead = whyBuilt(tool, facts, failures);
          return source.kind === "build" && instead !== undefined ? { ...installed, instead } : installed;
        } catch (error) {
          if (error instanceof ChecksumError) throw error;
          failures.push(`${source.kind}: ${errorMessage(error)}`);
        }
      }
      if (failures.length > 0) throw new Error(`cannot get ${tool.name}:\n${failures.join("\n")}`);
      throw new Error(noSourceMessage(tool, facts));
    },
    () => report("another process is installing it, waiting"),
  );
}

async function installFrom(
  tool: Tool,
  source: ToolSource,
  { platform, cacheDir, network }: { platform: string; cacheDir: string; network: Outside },
  report: (text: string) => void,
): Promise<InstalledTool> {
  const { name, release, goModule } = tool;
  switch (source.kind) {
    case "given":
    case "path":
      return { name, version: source.version, path: source.path, origin: source.kind };
    case "cached-official":
    case "download": {
      const archive = release?.archives[platform];
      if (!release || !archive) throw new Error(`no release of ${name} for ${platform}`);
      const directory = toolDirectory(cacheDir, name, release.version, "official");
      await installRelease(archive, directory, report, network);
      const program = path.join(directory, archive.program);
      return { name, version: release.version, path: program, origin: "official" };
    }
    case "cached-built":
    case "build": {
      if (!goModule) throw new Error(`${name} is not built from Go modules`);
      const directory = toolDirectory(cacheDir, name, goModule.version, "built");
      await buildGoTool(name, goModule, directory, report);
      return { name, version: goModule.version, path: path.join(directory, name), origin: "built" };
    }
  }
}
