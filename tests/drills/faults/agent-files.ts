import path from "node:path";
import { parse } from "yaml";
import type { Machine } from "../../../emulators/digitalocean/index.ts";

/** A file to write before the agent starts. */
export interface AgentFile {
  readonly path: string;
  readonly content: string;
}

interface CloudConfig {
  readonly write_files: readonly AgentFile[];
}

/** The part of the agent's configuration that says where it runs, and so is another on a loopback address. */
interface AgentConfiguration {
  readonly data_dir: string;
  readonly tls: object;
  readonly client: { readonly host_volume: Readonly<Record<string, { readonly path: string }>> };
}

const configurationDirectory = "/etc/nomad.d";
/** Holds HOST_VOLUME=VOLUME for each of the droplet's volumes. */
const volumesFile = "/etc/default/nomad-volumes";
const fileOf = { ca_file: "tls/ca.pem", cert_file: "tls/agent.pem", key_file: "tls/agent-key.pem" } as const;

/**
 * What a droplet's user-data gives the Nomad agent, for an agent that is a process of this machine: all paths are in
 * `directory`, it listens on the droplet's public address and runs no Docker. Its volumes are offered as if they were
 * mounted. Certificates, keys, servers to join, and meta stay as they are.
 */
export function agentFiles(
  machine: Machine,
  directory: string,
): { files: AgentFile[]; directories: string[]; configuration: string } {
  const inside = (file: string) => path.join(directory, file);
  const { write_files: given } = parse(machine.userData) as CloudConfig;
  const configurationFile = path.join(configurationDirectory, "nomad.json");
  const files = given
    .filter((file) => file.path.startsWith(`${configurationDirectory}/`))
    .map((file) => ({
      path: inside(file.path),
      content: file.path === configurationFile ? moved(file.content, machine, inside) : file.content,
    }));
  const configuration = inside(configurationFile);
  const { client } = JSON.parse(
    files.find((file) => file.path === configuration)!.content,
  ) as AgentConfiguration;
  const volumes = volumeNames(given).map((name) => ({ name, path: inside(`/mnt/${name}/data`) }));
  return {
    files: [...files, ...volumes.map((volume) => offer(volume, inside))],
    configuration,
    directories: [...Object.values(client.host_volume), ...volumes].map((volume) => volume.path),
  };
}

function volumeNames(files: readonly AgentFile[]): string[] {
  const list = files.find((file) => file.path === volumesFile)?.content ?? "";
  return [...list.matchAll(/[= ]([\w-]+)=/g)].map(([, name]) => name!);
}

/** What the droplet's `mount-volumes` writes when it has mounted a volume. */
function offer(volume: { name: string; path: string }, inside: (file: string) => string): AgentFile {
  return {
    path: inside(path.join(configurationDirectory, `volume-${volume.name}.hcl`)),
    content: `client {\n  host_volume "${volume.name}" {\n    path = "${volume.path}"\n  }\n}\n`,
  };
}

function moved(content: string, machine: Machine, inside: (file: string) => string): string {
  const given = JSON.parse(content) as AgentConfiguration;
  const address = machine.publicAddress;
  const tlsFile = (name: keyof typeof fileOf) => inside(path.join(configurationDirectory, fileOf[name]));
  return JSON.stringify({
    ...given,
    // Docker's, which does not run here.
    plugin: undefined,
    // As the install script names it.
    name: `${machine.name}-${machine.id}`,
    data_dir: inside(given.data_dir),
    bind_addr: address,
    advertise: { http: address, rpc: address, serf: address },
    tls: {
      ...given.tls,
      ca_file: tlsFile("ca_file"),
      cert_file: tlsFile("cert_file"),
      key_file: tlsFile("key_file"),
    },
    client: {
      ...given.client,
      network_interface: "lo",
      options: {
        "driver.allowlist": "raw_exec",
        "fingerprint.denylist": "env_aws,env_gce,env_azure,env_digitalocean",
      },
      host_volume: Object.fromEntries(
        Object.entries(given.client.host_volume).map(([name, volume]) => [
          name,
          { ...volume, path: inside(volume.path) },
        ]),
      ),
    },
  });
}
