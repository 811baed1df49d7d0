import { mkdir, writeFile } from "node:fs/promises";
import { createServer, connect } from "node:net";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { execa } from "execa";
import { ports } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import { startServiceProcess } from "./service-process.ts";
import type { Service } from "./service-process.ts";

export interface RegistryOptions {
  readonly settings: SandboxSettings;
  /** Gateway address of the sandbox's public network. */
  readonly address: string;
  /** @default `ports.registry` */
  readonly port?: number;
  /** Where images are kept. @default a directory of this clone in the cache, so a reset loses no image */
  readonly storage?: string;
}

export interface Registry extends Service {
  readonly address: string;
  readonly port: number;
}

/**
 * Runs Debian's docker-registry. A dockerd with `"registry-mirrors": [url]` asks it first for images of Docker Hub, and
 * Docker Hub for those it does not have.
 */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const { settings, address, port = ports.registry } = options;
  const storage = options.storage ?? path.join(settings.cacheDir, "registry", settings.id);
  const directory = path.join(settings.stateDir, "registry");
  await Promise.all([mkdir(directory, { recursive: true }), mkdir(storage, { recursive: true })]);
  const configuration = {
    version: "0.1",
    log: { level: "warn", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: `${address}:${port}`, secret: settings.id },
  };
  const file = path.join(directory, "config.yml");
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration, null, 2));
  const service = await startServiceProcess({
    program: "docker-registry",
    args: ["serve", file],
    address,
    port,
    logFile: path.join(directory, "process.log"),
  });
  return { ...service, address, port };
}

/**
 * Puts an image of the host's Docker into the registry as `repository:tag`, for example "mackerel/mackerel-agent:0.87.1";
 * does nothing when it is there already.
 * @param image name or id of a local image, or an archive that `docker save` made
 */
export async function pushImage(
  registry: Registry,
  image: string | { archive: string },
  name: string,
): Promise<void> {
  const [named, tag] = name.split(":");
  if (!named || !tag) throw new Error(`[${name}] is not repository:tag`);
  // Where dockerd asks for Docker Hub's official images.
  const repository = named.includes("/") ? named : `library/${named}`;
  const local = typeof image === "string" ? image : await load(image.archive);
  const { stdout: id } = await execa("docker", ["image", "inspect", "--format", "{{.Id}}", local]);
  if ((await configurationOf(registry, repository, tag)) === id) return;
  // Docker trusts a registry without TLS only on the loopback.
  const loopback = await forwardFromLoopback(registry);
  const remote = `127.0.0.1:${loopback.port}/${repository}:${tag}`;
  try {
    await execa("docker", ["image", "tag", local, remote]);
    try {
      await execa("docker", ["image", "push", "--quiet", remote]);
    } finally {
      await execa("docker", ["image", "rm", remote]);
    }
  } finally {
    loopback.close();
  }
}

async function load(archive: string): Promise<string> {
  const { stdout } = await execa("docker", ["image", "load", "--input", archive]);
  const loaded = /^Loaded image(?: ID)?: (\S+)$/m.exec(stdout)?.[1];
  if (!loaded) throw new Error(`docker load of ${archive} named no image: ${stdout}`);
  return loaded;
}

async function configurationOf(
  registry: Registry,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const accept = "application/vnd.docker.distribution.manifest.v2+json";
  const response = await fetch(`${registry.url}/v2/${repository}/manifests/${tag}`, { headers: { accept } });
  if (response.status === 404) return undefined;
  if (!response.ok)
    throw new Error(`the registry answered ${response.status} to a question for ${repository}:${tag}`);
  return ((await response.json()) as { config?: { digest?: string } }).config?.digest;
}

async function forwardFromLoopback(registry: Registry): Promise<{ port: number; close(): void }> {
  const server = createServer((socket) => {
    const upstream = connect({ host: registry.address, port: registry.port });
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
