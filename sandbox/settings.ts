import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * What droplets boot from. `bare`: what DigitalOcean's debian-12-x64 holds, so that user-data installs Docker and more at
 * every boot. `prepared`: the same with those packages installed already, which saves the longest part of a boot.
 */
export type DropletImageKind = "prepared" | "bare";

/** Where one sandbox keeps its files, and what makes its names and addresses differ from those of other clones. */
export interface SandboxSettings {
  /** The clone this sandbox belongs to. */
  readonly root: string;
  /** Everything that `npm run reset` deletes: Pulumi's state, the emulator's store, logs, generated configuration. */
  readonly stateDir: string;
  /** Downloads and builds, shared by all clones, kept by `npm run reset`. */
  readonly cacheDir: string;
  /** Eight hex digits, the same for the same clone: suffix of bridges, containers and Docker objects. */
  readonly id: string;
  readonly dropletImage: DropletImageKind;
}

/**
 * Settings of the sandbox of the clone at `root`. `NOMAD_SANDBOX` names a second one beside it, as the end-to-end tests
 * do, so that they leave the one in use alone; `NOMAD_SANDBOX_DROPLET_IMAGE` is `prepared` (the default) or `bare`. Pure
 * but for resolving symbolic links.
 */
export function sandboxSettings(root: string, environment: NodeJS.ProcessEnv = process.env): SandboxSettings {
  const real = realpathSync(root);
  const caches = environment["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  const name = environment["NOMAD_SANDBOX"] ?? "";
  if (!/^[a-z0-9]*$/.test(name))
    throw new Error(`NOMAD_SANDBOX "${name}" is not made of lower-case letters and digits`);
  const dropletImage = environment["NOMAD_SANDBOX_DROPLET_IMAGE"] ?? "prepared";
  if (dropletImage !== "prepared" && dropletImage !== "bare")
    throw new Error(`NOMAD_SANDBOX_DROPLET_IMAGE "${dropletImage}" is neither prepared nor bare`);
  return {
    root: real,
    stateDir: path.join(real, name === "" ? ".sandbox" : `.sandbox-${name}`),
    cacheDir: path.join(caches, "nomad-digitalocean"),
    id: createHash("sha256").update(`${real}\0${name}`).digest("hex").slice(0, 8),
    dropletImage,
  };
}

/** Services of the sandbox, all on the gateway address of its public network, where droplets reach them too. */
export { servicePorts as ports } from "./doctor/judge-network.mjs";

/** PEM of those who signed the certificates that stand for Let's Encrypt's. */
export const rootsFile = ({ stateDir }: Pick<SandboxSettings, "stateDir">) =>
  path.join(stateDir, "roots.pem");

/** Variables that keep a program off the user's proxy when it asks the sandbox, whose network no proxy reaches. */
export function proxyExceptions(environment: NodeJS.ProcessEnv): { NO_PROXY: string; no_proxy: string } {
  // Go reads a range as a CIDR, Node as its first and last address.
  const network = ["198.18.0.0/15", "198.18.0.0-198.19.255.255"];
  const list = [environment["NO_PROXY"] ?? environment["no_proxy"], ...network].filter(Boolean).join(",");
  return { NO_PROXY: list, no_proxy: list };
}

/**
 * The sandbox's public network: a /23 of 198.18.0.0/15, the range that RFC 2544 sets apart for isolated test
 * networks, so a droplet's "public" address is never somebody's. `slot` is 0 to 255.
 */
export function publicNetwork(slot: number): { cidr: string; gateway: string; prefix: string } {
  if (!Number.isInteger(slot) || slot < 0 || slot > 255)
    throw new Error(`public network slot ${slot} is not 0 to 255`);
  const second = 18 + (slot >> 7);
  const third = (slot & 127) * 2;
  return {
    cidr: `198.${second}.${third}.0/23`,
    gateway: `198.${second}.${third}.1`,
    prefix: `198.${second}.${third}`,
  };
}
