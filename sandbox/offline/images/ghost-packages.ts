import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { withLock } from "../../tools/file-lock.ts";
import { fillDirectory } from "../../tools/tool-cache.ts";

/** Ghost as npm publishes it. */
export interface GhostRelease {
  readonly version: string;
  /** Of the package's archive, as npm gives it. */
  readonly integrity: string;
  /** The pnpm that its package.json names. */
  readonly pnpm: string;
}

/** The Node 22 that Ghost runs on and that its SQLite module is built for: with Node 24 that module aborts. */
export const nodeVersion = "22.23.3";

interface BuildTools {
  readonly node: string;
  readonly headers: string;
  readonly pnpm: string;
  readonly nodeGyp: string;
}

/**
 * Installs Ghost with exactly the packages that its lock file names into `directory` (about ten seconds), and builds its
 * SQLite module for them (about 80 seconds, once for each version of that module). Returns the Node to run it with.
 * Needs npm, g++, make and python3.
 */
export async function installGhost(
  cacheDir: string,
  release: GhostRelease,
  directory: string,
  report: (text: string) => void,
): Promise<{ node: string }> {
  const { version } = release;
  report(`Ghost ${version} from npm`);
  const download = `${directory}-download`;
  await mkdir(download);
  await execa("npm", ["pack", "--silent", "--pack-destination", download, `ghost@${version}`]);
  const archive = path.join(download, `ghost-${version}.tgz`);
  await checkIntegrity(archive, release.integrity);
  await mkdir(directory);
  await execa("tar", [
    ...["--extract", "--file", archive, "--directory", directory],
    ...["--strip-components=1", "--no-same-owner"],
  ]);

  const tools = await buildTools(cacheDir, release.pnpm);
  const env = environment(tools);
  report(`Ghost ${version}: packages`);
  // A store of its own: what is installed shares its files with the store, and they get another owner.
  const options = ["--prod", "--frozen-lockfile", "--ignore-scripts"];
  await execa(
    tools.node,
    [tools.pnpm, "install", ...options, `--store-dir=${path.join(download, "pnpm-store")}`],
    { cwd: directory, env },
  );
  const sqlite = path.join(directory, "node_modules/better-sqlite3");
  const module = await sqliteModule(cacheDir, sqlite, tools, report);
  const place = path.join(sqlite, "build/Release");
  await mkdir(place, { recursive: true });
  await copyFile(module, path.join(place, path.basename(module)));

  report(`Ghost ${version}: removing what only its developers need`);
  await execa(tools.node, ["scripts/prune.mts", ".", "--profile=image"], { cwd: directory, env });
  await rm(download, { recursive: true });
  return { node: tools.node };
}

async function checkIntegrity(archive: string, integrity: string): Promise<void> {
  const found = `sha512-${createHash("sha512")
    .update(await readFile(archive))
    .digest("base64")}`;
  if (found !== integrity)
    throw new Error(`${path.basename(archive)} has integrity ${found}, not ${integrity} as pinned`);
}

async function buildTools(cacheDir: string, pnpm: string): Promise<BuildTools> {
  const nodePackage = `node-linux-${process.arch}`;
  const directory = path.join(cacheDir, "tools", "ghost-build", `node-${nodeVersion}-pnpm-${pnpm}`);
  await withLock(cacheDir, "ghost-build", () =>
    fillDirectory(directory, async (temporary) => {
      const packages = [`pnpm@${pnpm}`, `${nodePackage}@${nodeVersion}`];
      const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
      await execa("npm", ["install", "--prefix", temporary, ...options, ...packages]);
    }),
  );
  const modules = path.join(directory, "node_modules");
  return {
    node: path.join(modules, nodePackage, "bin/node"),
    headers: path.join(modules, nodePackage),
    pnpm: path.join(modules, "pnpm/bin/pnpm.mjs"),
    nodeGyp: path.join(modules, "pnpm/dist/node_modules/node-gyp/bin/node-gyp.js"),
  };
}

/** A `nodedir` of the machine's own npm configuration would win over the option, with headers of another Node. */
function environment(tools: BuildTools): Record<string, string> {
  return {
    PATH: [path.dirname(tools.node), process.env["PATH"]].join(path.delimiter),
    npm_config_nodedir: tools.headers,
  };
}

async function sqliteModule(
  cacheDir: string,
  source: string,
  tools: BuildTools,
  report: (text: string) => void,
): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(source, "package.json"), "utf8")) as {
    version: string;
  };
  const directory = path.join(cacheDir, "tools", "better-sqlite3", `${version}-node-${nodeVersion}`);
  const name = "better_sqlite3.node";
  const work = path.join(`${directory}-source`);
  await withLock(cacheDir, "better-sqlite3", () =>
    fillDirectory(directory, async (temporary) => {
      report(`building better-sqlite3 ${version}, about 80 s`);
      await rm(work, { recursive: true, force: true });
      await execa("cp", ["-RL", source, work]);
      const options = ["rebuild", "--release", `--nodedir=${tools.headers}`];
      await execa(tools.node, [tools.nodeGyp, ...options], { cwd: work, env: environment(tools) });
      await copyFile(path.join(work, "build/Release", name), path.join(temporary, name));
      await rm(work, { recursive: true });
    }),
  );
  return path.join(directory, name);
}
