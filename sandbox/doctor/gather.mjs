// @ts-check
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** @import { DockerFacts, DockerServer, Facts } from "./facts.ts" */

const run = promisify(execFile);
const seconds = 5;

/**
 * Looks at this machine; changes nothing and asks nothing outside of it.
 * @param {string} root The clone.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Facts>}
 */
export async function gatherFacts(root, environment) {
  const has = (/** @type {string} */ name) => isOnPath(name, environment["PATH"] ?? "");
  const cacheDir = path.join(
    environment["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"),
    "nomad-digitalocean",
  );
  const availableKiB = /^MemAvailable: +(\d+)/m.exec(read("/proc/meminfo"))?.[1];
  const isRoot = process.getuid?.() === 0;
  const { docker, directory } = await dockerFacts(has, environment);
  const cgroupVersion = existsSync("/sys/fs/cgroup/cgroup.controllers")
    ? 2
    : existsSync("/sys/fs/cgroup/memory")
      ? 1
      : undefined;
  const disks = [
    diskFacts("tools", cacheDir),
    diskFacts("the sandbox's state", root),
    diskFacts("Docker", directory ?? "/var/lib/docker"),
  ];
  return {
    platform: process.platform,
    arch: process.arch,
    kernel: os.release(),
    distributions: distributions(read("/etc/os-release")),
    ...(cgroupVersion && { cgroupVersion }),
    isRoot,
    mayAdministerNetwork: mayAdministerNetwork(read("/proc/self/status")),
    hasSudo: has("sudo"),
    nodeVersion: process.versions.node,
    hasNpm: has("npm"),
    docker,
    isFirstStart: !existsSync(path.join(cacheDir, "tools")),
    memory: {
      totalMiB: Math.round(os.totalmem() / 1024 / 1024),
      ...(availableKiB && { availableMiB: Math.round(Number(availableKiB) / 1024) }),
    },
    disks,
    listeningPorts: listeningPorts(`${read("/proc/net/tcp")}${read("/proc/net/tcp6")}`),
    routes: routes(read("/proc/net/route")),
    proxy: proxyOf(environment),
  };
}

/**
 * Empty if the file is not there, as those of Linux elsewhere.
 * @param {string} file
 */
function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** @type {(name: string, search: string) => boolean} */
function isOnPath(name, search) {
  return [...search.split(path.delimiter), "/usr/sbin", "/sbin"].some((directory) => {
    try {
      accessSync(path.join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param {string} text */
export function distributions(text) {
  const value = (/** @type {string} */ key) =>
    new RegExp(`^${key}="?([^"\\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  return [value("ID"), ...value("ID_LIKE").split(" ")].filter((name) => name !== "");
}

/**
 * Capabilities 12 and 21 of /proc/self/status.
 * @param {string} status
 */
export function mayAdministerNetwork(status) {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return [12n, 21n].every((capability) => (effective >> capability) % 2n === 1n);
}

/**
 * Ports on which a socket of /proc/net/tcp or tcp6 listens at every address.
 * @param {string} text
 */
export function listeningPorts(text) {
  const sockets = text.matchAll(/^ *\d+: (?:0{8}|0{32}):([0-9A-F]{4}) [0-9A-F]+:0000 0A /gm);
  return [...new Set(Array.from(sockets, ([, port = ""]) => Number.parseInt(port, 16)))];
}

/**
 * Networks of /proc/net/route, whose numbers are in the order of this processor's bytes, but for the default one.
 * @param {string} text
 */
export function routes(text) {
  const rows = [...text.matchAll(/^\S+\t([0-9A-F]{8})\t\S+\t\S+\t\S+\t\S+\t\S+\t([0-9A-F]{8})/gm)];
  return rows.flatMap(([, destination = "", mask = ""]) => {
    const bytes = (/** @type {string} */ hex) => [...Buffer.from(hex, "hex")].reverse();
    const bits = bytes(mask).reduce((sum, byte) => sum + byte.toString(2).replace(/0/g, "").length, 0);
    return bits === 0 ? [] : [`${bytes(destination).join(".")}/${bits}`];
  });
}

/** @param {NodeJS.ProcessEnv} environment */
export function proxyOf(environment) {
  const variable = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].find(
    (name) => environment[name],
  );
  if (variable === undefined) return {};
  return { variable, url: (environment[variable] ?? "").replace(/\/\/[^@/]*@/, "//") };
}

/** @type {(use: string, directory: string) => import("./facts.ts").DiskFacts} */
function diskFacts(use, directory) {
  let there = directory;
  while (!existsSync(there)) there = path.dirname(there);
  const { bavail, bsize } = statfsSync(there);
  return {
    use,
    directory: there,
    freeMiB: Math.round((bavail * bsize) / 1024 / 1024),
    device: statSync(there).dev,
  };
}

/**
 * What the client says, and where the daemon keeps its data.
 * @param {(name: string) => boolean} has
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<{ docker: DockerFacts, directory?: string }>}
 */
async function dockerFacts(has, environment) {
  const known = { hasClient: has("docker"), hasDaemon: has("dockerd") };
  const host = environment["DOCKER_HOST"];
  const isElsewhere = host !== undefined && host !== "" && !host.startsWith("unix://");
  if (isElsewhere || !known.hasClient) return { docker: { ...known, ...(isElsewhere && { host }) } };
  try {
    const { stdout } = await run("docker", ["info", "--format", "{{json .}}"], { timeout: seconds * 1000 });
    const info = JSON.parse(stdout);
    const server = dockerServer(info);
    if (server !== undefined)
      return {
        docker: { ...known, server },
        ...(existsSync(info.DockerRootDir) && { directory: info.DockerRootDir }),
      };
    return { docker: { ...known, problem: info.ServerErrors?.join("; ") ?? "no version" } };
  } catch (error) {
    const lines = String(/** @type {{ stderr?: string }} */ (error).stderr || error)
      .trim()
      .split("\n");
    return { docker: { ...known, problem: lines[lines.length - 1] ?? "" } };
  }
}

/**
 * From what `docker info` prints as JSON; undefined if the daemon did not answer.
 * @param {Record<string, any>} info
 * @returns {DockerServer | undefined}
 */
export function dockerServer(info) {
  if (info["host"] !== undefined && info["store"] !== undefined) {
    const { host, store, version } = info;
    const cgroupVersion = host.cgroupVersion === "v2" ? 2 : 1;
    return {
      version: version?.Version ?? "",
      kind: "podman",
      storageDriver: store.graphDriverName,
      cgroupVersion,
    };
  }
  if (!info["ServerVersion"]) return undefined;
  const isRootless = (info["SecurityOptions"] ?? []).includes("name=rootless");
  const isSnap = String(info["DockerRootDir"]).startsWith("/var/snap/");
  const proxy = info["HttpsProxy"] || info["HttpProxy"];
  return {
    version: info["ServerVersion"],
    kind:
      info["OperatingSystem"] === "Docker Desktop"
        ? "desktop"
        : isRootless
          ? "rootless"
          : isSnap
            ? "snap"
            : "engine",
    storageDriver: info["Driver"],
    ...(["1", "2"].includes(info["CgroupVersion"]) && {
      cgroupVersion: info["CgroupVersion"] === "2" ? 2 : 1,
    }),
    ...(proxy && { proxy }),
  };
}
