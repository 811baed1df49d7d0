import { existsSync } from "node:fs";
import { execa } from "execa";
import { withLock } from "./file-lock.ts";
import { recordInstalled } from "../uninstall/installed.ts";
import { programOnPath } from "./machine-facts.ts";

/** Programs of the system that the sandbox runs, with the Debian package of each. */
const systemPrograms: Readonly<Record<string, string>> = {
  docker: "docker.io",
  dockerd: "docker.io",
  debootstrap: "debootstrap",
  "docker-registry": "docker-registry",
  "apt-cacher-ng": "apt-cacher-ng",
  nft: "nftables",
  iptables: "iptables",
  ip: "iproute2",
  nsenter: "util-linux",
  losetup: "mount",
  "mkfs.ext4": "e2fsprogs",
  perl: "perl-base",
  sysctl: "procps",
  unzip: "unzip",
  tar: "tar",
  gcc: "gcc",
  "g++": "g++",
  make: "make",
  python3: "python3",
  shellcheck: "shellcheck",
  nmap: "nmap",
  nginx: "nginx",
  haproxy: "haproxy",
  openssl: "openssl",
  pebble: "pebble",
};

/** Packages that start a service of their own, on a port that the sandbox or the owner of the machine may need. */
const servicesOfPackages: Readonly<Record<string, string>> = {
  "apt-cacher-ng": "apt-cacher-ng",
  "docker-registry": "docker-registry",
  nginx: "nginx",
  haproxy: "haproxy",
};

/** Debian packages, sorted and without repetition, for programs that are missing. */
export function packagesFor(missing: readonly string[]): string[] {
  return [...new Set(missing.map((program) => systemPrograms[program] ?? program))].sort();
}

/** The advice for a machine that the sandbox cannot set up by itself. */
export function installAdvice(missing: readonly string[], isDebian: boolean): string {
  const packages = packagesFor(missing).join(" ");
  return isDebian
    ? `missing: ${missing.join(", ")}. Run as root: apt-get install --no-install-recommends ${packages}`
    : `missing: ${missing.join(", ")}. Install them with your system's package manager (on Debian they are in: ${packages}).`;
}

/** Installs what is missing of the system's programs on Debian as root; elsewhere fails saying what to install. */
export async function ensureSystemPackages(
  cacheDir: string,
  report: (text: string) => void,
): Promise<string> {
  if (process.platform !== "linux") {
    throw new Error(
      `the sandbox needs Linux (containers that boot systemd, bridges, nftables), and this is ${process.platform}`,
    );
  }
  if (process.getuid?.() !== 0)
    throw new Error("the sandbox makes bridges and firewall rules: run it as root");
  const missing = await missingPrograms();
  if (missing.length === 0) return "all there";
  const isDebian = existsSync("/etc/debian_version") && (await programOnPath("apt-get")) !== undefined;
  if (!isDebian) throw new Error(installAdvice(missing, false));
  const packages = packagesFor(missing);
  return withLock(cacheDir, "apt-get", async () => {
    const done = await install(packages, report);
    await recordInstalled(cacheDir, { packages });
    return done;
  });
}

async function install(packages: readonly string[], report: (text: string) => void): Promise<string> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const lock = "DPkg::Lock::Timeout=300";
  report(
    `installs ${packages.join(", ")} with apt-get, which \`npm run reset -- --all --packages\` removes again`,
  );
  await execa("apt-get", ["-q", "-o", lock, "update"], { env });
  const command = execa(
    "apt-get",
    ["-q", "-y", "-o", lock, "--no-install-recommends", "install", ...packages],
    { env },
  );
  for await (const line of command.iterable()) {
    if (/^(Get:|Unpacking|Setting up)/.test(line)) report(line.replace(/\s+\(.*/, ""));
  }
  await command;
  if (existsSync("/run/systemd/system")) {
    for (const name of packages) {
      const service = servicesOfPackages[name];
      if (service) await execa("systemctl", ["disable", "--now", service]);
    }
  }
  const still = await missingPrograms();
  if (still.length > 0) throw new Error(`still ${installAdvice(still, true)}`);
  return `installed ${packages.join(", ")}`;
}

async function missingPrograms(): Promise<string[]> {
  const missing: string[] = [];
  for (const program of Object.keys(systemPrograms)) {
    if (!(await programOnPath(program, `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`)))
      missing.push(program);
  }
  return missing;
}
