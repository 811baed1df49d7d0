import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { coerce } from "semver";
import type { Outside } from "./outside.ts";
import { toolDirectory } from "./tool-cache.ts";
import type { MachineFacts } from "./tool-sources.ts";
import type { Tool } from "./tool.ts";

/** Looks at PATH, the cache, Go and, only if nothing else has the tool, the release's host. */
export async function machineFacts(
  tool: Tool,
  cacheDir: string,
  { hostAnswers }: Pick<Outside, "hostAnswers">,
): Promise<MachineFacts> {
  const platform = `${process.platform}-${process.arch}`;
  const given = tool.given && (await givenProgram(tool.name, tool.given));
  if (given) return { platform, given, cached: { official: false, built: false }, releaseHostAnswers: false };
  const archive = tool.release?.archives[platform];
  const onPath = tool.onPath && (await findOnPath(tool.name, tool.onPath.versionArguments));
  const cached = {
    official:
      !!tool.release && (await exists(toolDirectory(cacheDir, tool.name, tool.release.version, "official"))),
    built:
      !!tool.goModule && (await exists(toolDirectory(cacheDir, tool.name, tool.goModule.version, "built"))),
  };
  const inCache = cached.official || cached.built;
  const go = inCache ? undefined : await goVersion();
  return {
    platform,
    cached,
    releaseHostAnswers: !inCache && !!archive && (await hostAnswers(new URL(archive.url).host)),
    ...(onPath ? { onPath } : {}),
    ...(go ? { go } : {}),
  };
}

/** First executable of that name on PATH, with the version it prints. */
async function findOnPath(
  name: string,
  args: readonly string[],
): Promise<{ path: string; version: string } | undefined> {
  const file = await programOnPath(name);
  if (!file) return undefined;
  const version = await versionOf(file, args);
  return version ? { path: file, version } : undefined;
}

async function givenProgram(name: string, { variable, versionArguments }: NonNullable<Tool["given"]>) {
  const file = process.env[variable];
  if (file === undefined || file === "") return undefined;
  const isProgram = path.isAbsolute(file) && path.basename(file) === name && (await isExecutable(file));
  const version = isProgram ? await versionOf(file, versionArguments) : undefined;
  if (version !== undefined) return { path: file, version };
  throw new Error(
    `${variable} is "${file}": give the absolute path of a program that is called ${name} and answers ` +
      `\`${[name, ...versionArguments].join(" ")}\``,
  );
}

async function versionOf(file: string, args: readonly string[]): Promise<string | undefined> {
  const result = await execa(file, args, { reject: false, all: true, timeout: 10_000 });
  return result.exitCode === 0 ? versionIn(result.all) : undefined;
}

/** The first version in what a program prints. */
export const versionIn = (text: string): string | undefined => coerce(text)?.version;

/** Absolute path of a program on PATH. */
export async function programOnPath(
  name: string,
  search = process.env["PATH"] ?? "",
): Promise<string | undefined> {
  for (const directory of search.split(path.delimiter).filter((directory) => path.isAbsolute(directory))) {
    const file = path.join(directory, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

/** `go env GOVERSION` prints "go1.26.8". */
async function goVersion(): Promise<string | undefined> {
  if (!(await programOnPath("go"))) return undefined;
  const result = await execa("go", ["env", "GOVERSION"], { reject: false });
  return result.exitCode === 0 ? result.stdout.trim().replace(/^go/, "") : undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
