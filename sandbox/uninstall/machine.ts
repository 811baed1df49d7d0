import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { sandboxLabel } from "../droplets/names.ts";
import type { SandboxSettings } from "../settings.ts";
import { installedOnMachine } from "./installed.ts";
import { programOnPath } from "../tools/machine-facts.ts";
import { waitFor } from "../wait-for.ts";
import type { Inventory } from "./plan.ts";

/** Looks for everything that sandboxes put on this machine; changes nothing. */
export async function takeInventory(settings: SandboxSettings): Promise<Inventory> {
  const { cacheDir, stateDir } = settings;
  const { packages, images } = await installedOnMachine(cacheDir);
  return {
    stateDir: existsSync(stateDir) ? stateDir : undefined,
    otherSandboxes: [...(await otherStates(settings)), ...(await otherContainers(settings))],
    cache: { directory: cacheDir, bytes: await sizeOf(cacheDir) },
    images: await imagesThere(images),
    dockerd: await startedDockerd(cacheDir),
    packages: await packagesThere(packages),
    hasGoCaches: existsSync(path.join(os.homedir(), "go", "pkg", "mod")),
  };
}

/** State directories that claim a network in the cache. */
async function otherStates({ cacheDir, stateDir }: SandboxSettings): Promise<string[]> {
  const claims = path.join(cacheDir, "public-network-slots");
  if (!existsSync(claims)) return [];
  const owners = await Promise.all(
    (await readdir(claims)).map((slot) => readFile(path.join(claims, slot), "utf8")),
  );
  return owners.filter((owner) => owner !== stateDir && existsSync(owner)).sort();
}

async function otherContainers({ id }: SandboxSettings): Promise<string[]> {
  const text = await docker(
    "ps",
    "--all",
    "--filter",
    `label=${sandboxLabel}`,
    "--format",
    `{{.Label "${sandboxLabel}"}}`,
  );
  return [...new Set(text.split("\n"))]
    .filter((other) => other !== "" && other !== id)
    .map((other) => `the one with the id ${other}`);
}

async function imagesThere(pulled: readonly string[]): Promise<string[]> {
  const format = '{{if eq .Tag "<none>"}}{{.ID}}{{else}}{{.Repository}}:{{.Tag}}{{end}}';
  const own = await docker(
    "image",
    "ls",
    "--filter",
    "reference=nomad-digitalocean/*",
    "--filter",
    "reference=nomad-digitalocean/*/*",
    "--filter",
    "reference=nomad-digitalocean/*/*/*",
    "--format",
    format,
  );
  const there = await Promise.all(
    pulled.map(async (reference) =>
      (await docker("image", "ls", "--quiet", reference)) === "" ? [] : [reference],
    ),
  );
  return [...own.split("\n").filter((reference) => reference !== ""), ...there.flat()];
}

/** What the client prints; nothing where there is no Docker or it does not run. */
async function docker(...args: string[]): Promise<string> {
  const result = await execa("docker", args, { reject: false, timeout: 30_000 });
  return result.exitCode === 0 ? result.stdout.trim() : "";
}

async function startedDockerd(cacheDir: string): Promise<number | undefined> {
  const file = path.join(cacheDir, "dockerd.pid");
  if (!existsSync(file)) return undefined;
  const pid = Number(await readFile(file, "utf8"));
  return (await isDockerd(pid)) ? pid : undefined;
}

async function isDockerd(pid: number): Promise<boolean> {
  const name = `/proc/${pid}/comm`;
  return existsSync(name) && (await readFile(name, "utf8")).trim() === "dockerd";
}

async function packagesThere(packages: readonly string[]): Promise<string[]> {
  if (packages.length === 0 || !(await programOnPath("dpkg-query"))) return [];
  const { stdout } = await execa(
    "dpkg-query",
    ["--show", "--showformat", "${Package} ${db:Status-Status}\n", ...packages],
    {
      reject: false,
    },
  );
  return stdout.split("\n").flatMap((line) => (line.endsWith(" installed") ? [line.split(" ")[0]!] : []));
}

/** Bytes of the files of a directory; 0 if there is none. */
async function sizeOf(directory: string): Promise<number> {
  if (!existsSync(directory)) return 0;
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((file) =>
      stat(path.join(file.parentPath, file.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

export async function removeImages(images: readonly string[]): Promise<void> {
  if (images.length > 0) await execa("docker", ["image", "rm", "--force", ...images]);
}

export async function endDockerd(pid: number): Promise<void> {
  process.kill(pid, "SIGTERM");
  await waitFor(async () => !(await isDockerd(pid)) || undefined, { seconds: 30, every: 200 });
}

export async function removePackages(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await execa("apt-get", ["-q", "-y", "-o", "DPkg::Lock::Timeout=300", "remove", ...packages], { env });
}
