import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { ports } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import { outside } from "../tools/outside.ts";
import { ServiceEnded, startServiceProcess } from "./service-process.ts";
import type { Service } from "./service-process.ts";

export interface AptMirrorOptions {
  readonly settings: SandboxSettings;
  /** Gateway address of the sandbox's public network. */
  readonly address: string;
  /** @default the Debian mirrors that this host's own apt uses, or deb.debian.org */
  readonly upstream?: DebianUpstream;
  /** @default `ports.apt` */
  readonly port?: number;
}

export interface DebianUpstream {
  readonly debian: string;
  readonly security: string;
}

export interface AptMirror extends Service {
  /** For lines of sources.list. Packages keep Debian's signatures, which apt verifies as ever. */
  readonly debian: string;
  readonly security: string;
  /** Upstream did not answer when the mirror was started: only what is cached is served. */
  readonly offline: boolean;
}

const lockedByAnother = 99;

/**
 * Runs Debian's apt-cacher-ng before the Debian archive. Its cache is shared by all clones; while another clone's
 * mirror has it open, this one works on a copy in its own state directory, because two writers would corrupt it.
 */
export async function startAptMirror(options: AptMirrorOptions): Promise<AptMirror> {
  const { settings, address, port = ports.apt } = options;
  const upstream = options.upstream ?? (await hostUpstream());
  const offline = !(await outside.exists(`${upstream.debian}/dists/bookworm/InRelease`, 5));
  const shared = path.join(settings.cacheDir, "apt");
  await mkdir(shared, { recursive: true });
  const start = (cache: string) => startOn({ settings, address, port, upstream, offline, cache });
  let service: Service;
  try {
    service = await start(shared);
  } catch (error) {
    if (!(error instanceof ServiceEnded && error.exitCode === lockedByAnother)) throw error;
    const own = path.join(settings.stateDir, "apt-cache");
    await rm(own, { recursive: true, force: true });
    await mkdir(settings.stateDir, { recursive: true });
    await execa("cp", ["--archive", "--reflink=auto", shared, own]);
    service = await start(own);
  }
  return { ...service, debian: `${service.url}/debian`, security: `${service.url}/debian-security`, offline };
}

interface Start {
  readonly settings: SandboxSettings;
  readonly address: string;
  readonly port: number;
  readonly upstream: DebianUpstream;
  readonly offline: boolean;
  readonly cache: string;
}

async function startOn(options: Start): Promise<Service> {
  const { settings, address, port, cache } = options;
  const directory = path.join(settings.stateDir, "apt-mirror");
  await mkdir(path.join(directory, "log"), { recursive: true });
  await writeFile(path.join(directory, "acng.conf"), aptCacherConfiguration({ ...options, directory }));
  return startServiceProcess({
    program: "flock",
    args: [
      ...[
        "--nonblock",
        "--no-fork",
        "--conflict-exit-code",
        String(lockedByAnother),
        path.join(cache, ".lock"),
      ],
      ...[aptCacherProgram(), "-c", directory, "ForeGround=1"],
    ],
    address,
    port,
    logFile: path.join(directory, "log", "process.log"),
  });
}

/** apt-cacher-ng's configuration file. */
function aptCacherConfiguration(options: Omit<Start, "settings"> & { readonly directory: string }): string {
  const proxy = process.env["http_proxy"] ?? process.env["HTTP_PROXY"];
  return [
    `CacheDir: ${options.cache}`,
    `LogDir: ${path.join(options.directory, "log")}`,
    "SupportDir: /usr/lib/apt-cacher-ng",
    `PidFile: ${path.join(options.directory, "pid")}`,
    `SocketPath: ${path.join(options.directory, "socket")}`,
    `BindAddress: ${options.address}`,
    `Port: ${options.port}`,
    `Remap-debian: /debian ; ${options.upstream.debian}`,
    `Remap-security: /debian-security ; ${options.upstream.security}`,
    // Droplets that boot together ask for the same indices within seconds of each other.
    "FreshIndexMaxAge: 3600",
    `Offlinemode: ${options.offline ? 1 : 0}`,
    "ReportPage:",
    ...(proxy ? [`Proxy: ${proxy}`] : []),
    "",
  ].join("\n");
}

function aptCacherProgram(): string {
  const program = "/usr/sbin/apt-cacher-ng";
  if (!existsSync(program)) throw new Error("apt-cacher-ng is not installed: apt install apt-cacher-ng");
  return program;
}

/** The mirrors in the host's sources.list if the host is Debian 12, as the droplets are; else Debian's own. */
async function hostUpstream(): Promise<DebianUpstream> {
  const publicOnes = {
    debian: "http://deb.debian.org/debian",
    security: "http://deb.debian.org/debian-security",
  };
  if (!existsSync("/usr/bin/apt-get")) return publicOnes;
  const { stdout } = await execa("apt-get", ["indextargets", "--format", "$(CODENAME) $(REPO_URI)"]);
  const find = (codename: string) =>
    stdout
      .split("\n")
      .map((line) => line.split(" "))
      .find(([name, uri]) => name === codename && uri?.startsWith("http"))?.[1]
      ?.replace(/\/$/, "");
  return {
    debian: find("bookworm") ?? publicOnes.debian,
    security: find("bookworm-security") ?? publicOnes.security,
  };
}
