import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { standInPlugins } from "../offline/tools.ts";
import { withLock } from "./file-lock.ts";
import { installTool } from "./install-tool.ts";
import { programOnPath } from "./machine-facts.ts";
import { outside } from "./outside.ts";
import type { Outside } from "./outside.ts";
import { pulumiLanguageYaml } from "./tool-table.ts";
import type { InstalledTool } from "./tool.ts";

/** Provider plugins that the program uses. Their versions are those of the npm packages of the same name. */
const providerPlugins = ["digitalocean", "nomad", "random", "tls"] as const;

const pluginHost = "get.pulumi.com";

/** PULUMI_HOME of the installation, shared by all sandboxes. */
const pulumiHome = (cacheDir: string) => path.join(cacheDir, "pulumi-home");

/** The Node language host and the provider plugins that the program uses, for that Pulumi CLI. */
export async function installPlugins(
  pulumi: InstalledTool,
  directories: { readonly root: string; readonly cacheDir: string },
  report: (text: string) => void,
  network: Outside = outside,
): Promise<InstalledTool[]> {
  const plugins = [await findLanguageHost(pulumi)];
  for (const name of providerPlugins)
    plugins.push(
      await installPlugin(name, pulumi, directories, (text) => report(`${name}: ${text}`), network),
    );
  return plugins;
}

/** The official provider plugin where it can be installed, else its stand-in. */
async function installPlugin(
  name: (typeof providerPlugins)[number],
  pulumi: InstalledTool,
  directories: { readonly root: string; readonly cacheDir: string },
  report: (text: string) => void,
  network: Outside,
): Promise<InstalledTool> {
  const { root, cacheDir } = directories;
  const version = await packageVersion(root, name);
  const program = `pulumi-resource-${name}`;
  return withLock(cacheDir, program, async () => {
    const installed = path.join(pulumiHome(cacheDir), "plugins", `resource-${name}-v${version}`);
    let instead = `${pluginHost} does not answer`;
    if (!(await isComplete(installed)) && (await network.hostAnswers(pluginHost))) {
      report(`installing v${version}`);
      const result = await execa(pulumi.path, ["plugin", "install", "resource", name, `v${version}`], {
        env: { PULUMI_HOME: pulumiHome(cacheDir), PULUMI_SKIP_UPDATE_CHECK: "true" },
        all: true,
        reject: false,
      });
      if (result.failed) instead = result.all.trim().split("\n").at(-1) ?? "";
    }
    if (await isComplete(installed)) return { name: program, version, path: installed, origin: "official" };
    return { ...(await standIn(program, version)), instead };
  });
}

/** The official Node language host of the same release as the CLI, beside it, else the stand-in. */
async function findLanguageHost(pulumi: InstalledTool): Promise<InstalledTool> {
  const name = "pulumi-language-nodejs";
  return (await besidePulumi(name, pulumi)) ?? standIn(name, pulumi.version);
}

/** The official YAML language host beside the CLI, else one that is built. */
export async function installYamlHost(
  pulumi: InstalledTool,
  cacheDir: string,
  report: (text: string) => void = () => undefined,
): Promise<InstalledTool> {
  const beside = await besidePulumi(pulumiLanguageYaml.name, pulumi);
  return beside ?? installTool(pulumiLanguageYaml, cacheDir, report);
}

async function besidePulumi(name: string, pulumi: InstalledTool): Promise<InstalledTool | undefined> {
  const beside = await programOnPath(name, path.dirname(pulumi.path));
  if (!beside) return undefined;
  return {
    name,
    version: pulumi.version,
    path: beside,
    origin: pulumi.origin === "path" ? "path" : "official",
  };
}

async function standIn(name: string, version: string): Promise<InstalledTool> {
  const file = await programOnPath(name, standInPlugins);
  if (!file)
    throw new Error(`${name} ${version} cannot be installed from here, and there is no stand-in for it`);
  return { name, version, path: file, origin: "stand-in" };
}

async function packageVersion(root: string, name: string): Promise<string> {
  const file = path.join(root, "node_modules", "@pulumi", name, "package.json");
  const { version } = JSON.parse(await readFile(file, "utf8")) as { version: string };
  return version;
}

/** Pulumi keeps `<folder>.partial` beside the folder until the plugin is whole. */
async function isComplete(directory: string): Promise<boolean> {
  const there = (file: string) =>
    stat(file).then(
      () => true,
      () => false,
    );
  return (await there(directory)) && !(await there(`${directory}.partial`));
}
