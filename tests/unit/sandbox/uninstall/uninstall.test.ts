import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { uninstall } from "../../../../sandbox/commands/uninstall.ts";
import type { SandboxSettings } from "../../../../sandbox/settings.ts";
import { recordInstalled } from "../../../../sandbox/uninstall/installed.ts";

let directory: string;
let settings: SandboxSettings;
let printed: string[];

/** A program that notes its arguments and prints an answer. */
async function program(name: string, answers: string): Promise<void> {
  const script = `#!/bin/sh\necho "${name} $*" >> "${directory}/calls"\ncase "$*" in\n${answers}\n*) ;;\nesac\n`;
  await writeFile(path.join(directory, "bin", name), script, { mode: 0o755 });
}

const calls = async () =>
  existsSync(path.join(directory, "calls"))
    ? (await readFile(path.join(directory, "calls"), "utf8")).trim().split("\n")
    : [];
const changes = async () => (await calls()).filter((call) => /image rm|apt-get/.test(call));

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "uninstall-"));
  printed = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
  const [stateDir, cacheDir] = [path.join(directory, "clone", ".sandbox"), path.join(directory, "cache")];
  settings = {
    root: path.join(directory, "clone"),
    stateDir,
    cacheDir,
    id: "01234567",
    dropletImage: "prepared",
  };
  for (const folder of ["bin", "clone/.sandbox", "cache/tools", "cache/public-network-slots"])
    await mkdir(path.join(directory, folder), { recursive: true });
  await writeFile(path.join(cacheDir, "tools", "pulumi"), "x".repeat(2_000_000));
  await writeFile(path.join(cacheDir, "public-network-slots", "5"), stateDir);
  await program(
    "docker",
    [
      '"version "*) echo 28.5.1 ;;',
      `"ps --all --filter label=nomad-digitalocean.sandbox --format"*) cat "${directory}/other" ;;`,
      '"image ls --filter "*) echo nomad-digitalocean/debian-12-x64:abc ;;',
      '"image ls --quiet ghost:6.65.0") echo 1234 ;;',
    ].join("\n"),
  );
  await writeFile(path.join(directory, "other"), "");
  await program("dpkg-query", '*) printf "haproxy installed\\nnftables not-installed\\n" ;;');
  await program("apt-get", "");
  // Nothing of this machine's own is reached.
  await writeFile(path.join(directory, "bin", "cat"), '#!/bin/sh\nexec /bin/cat "$@"\n', { mode: 0o755 });
  vi.stubEnv("PATH", path.join(directory, "bin"));
  await recordInstalled(cacheDir, {
    packages: ["haproxy", "nftables"],
    images: ["ghost:6.65.0", "nginx:1.30.7"],
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

const run = (options: { dryRun?: boolean; packages?: boolean } = {}) =>
  uninstall(settings, { dryRun: false, packages: false, ...options });

describe("an uninstall", () => {
  test("says with --dry-run what would go and what stays, and removes nothing", async () => {
    await run({ dryRun: true });
    expect(printed.join("\n")).toMatch(
      /^Would be removed:\n {2}the sandbox of this clone, .*\.sandbox, .*\n {2}images in Docker: nomad-digitalocean\/debian-12-x64:abc, ghost:6\.65\.0\n {2}downloads and builds, .*cache, 2 MB\nStays:\n {2}Debian packages that a sandbox installed, haproxy: add `--packages`\n/,
    );
    expect(await changes()).toEqual([]);
    expect([settings.stateDir, settings.cacheDir].map((file) => existsSync(file))).toEqual([true, true]);
  });

  test("removes state, images and cache, and leaves the system's packages", async () => {
    await run();
    expect(await changes()).toEqual([
      "docker image rm --force nomad-digitalocean/debian-12-x64:abc ghost:6.65.0",
    ]);
    expect([settings.stateDir, settings.cacheDir].map((file) => existsSync(file))).toEqual([false, false]);
  });

  test("removes with --packages those that a sandbox installed and that are there", async () => {
    await run({ packages: true });
    expect((await changes()).at(-1)).toBe("apt-get -q -y -o DPkg::Lock::Timeout=300 remove haproxy");
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "claims a network",
      async () => {
        await mkdir(path.join(directory, "other-clone"));
        const claim = path.join(settings.cacheDir, "public-network-slots", "6");
        await writeFile(claim, path.join(directory, "other-clone"));
      },
      /^Nothing is removed, because other sandboxes .*other-clone\. Reset them first/,
    ],
    [
      "has droplets",
      () => writeFile(path.join(directory, "other"), "01234567\n89abcdef\n89abcdef\n"),
      /: the one with the id 89abcdef\. Reset them first/,
    ],
  ])("removes nothing while another sandbox of the machine %s", async (_, prepare, message) => {
    await prepare();
    await expect(run()).rejects.toThrow(message);
    expect(await changes()).toEqual([]);
    expect([settings.stateDir, settings.cacheDir].map((file) => existsSync(file))).toEqual([true, true]);
  });

  test("has nothing to remove on a machine without a sandbox", async () => {
    await rm(settings.cacheDir, { recursive: true });
    await rm(settings.stateDir, { recursive: true });
    await program("docker", "");
    await run({ dryRun: true });
    expect(printed[0]).toMatch(/^There is nothing to remove\.\nStays:/);
  });
});
