import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { agentFiles, nomadConfiguration } from "./nomad-configuration.ts";
import type { NomadConfigurationArgs } from "./nomad-configuration.ts";
import { loginConfig } from "./ssh-keys.ts";

/** A DigitalOcean volume that is attached to the node. It is mounted on `/mnt/NAME` and offered to Nomad as a host volume. */
export interface NodeVolume {
  /** Name that jobs use as the volume's source. */
  readonly name: string;
  /** Name of the volume in the account. */
  readonly volumeName: string;
}

/** All that a node is made of. Every change to it replaces the droplet. */
export interface NodeSpec extends Omit<NomadConfigurationArgs, "specHash"> {
  /** Name of the droplet; its id is added at boot to make the Nomad node's name, see `nodeName`. */
  readonly name: string;
  /** What replaces the droplet and is not in its user-data, for the hash only. */
  readonly droplet: {
    readonly region: string;
    readonly image: string;
    readonly sshKeys: readonly string[];
    /** Any text. */
    readonly rebuild?: string;
  };
  readonly nomad: {
    readonly version: string;
    /** sha256 of `nomad_VERSION_linux_amd64.zip`, 64 hex digits. */
    readonly sha256: string;
    /** Base URL under which `VERSION/nomad_VERSION_linux_amd64.zip` lies. */
    readonly downloadUrl: string;
  };
  readonly certificates: {
    readonly caCertificate: string;
    readonly certificate: string;
    readonly privateKey: string;
  };
  /** URLs of mirrors of Docker Hub; none means Docker Hub itself. */
  readonly dockerRegistryMirrors: readonly string[];
  /** URL under which `debian` and `debian-security` lie; undefined means the image's own mirrors. */
  readonly aptMirror?: string;
  readonly volumes: readonly NodeVolume[];
}

const read = (name: string): string => readFileSync(new URL(`files/${name}`, import.meta.url), "utf8");

/** Files that are the same on every node, read once for all of them. */
const files = new Map<string, string>();

function file(name: string): string {
  const text = files.get(name) ?? read(name);
  files.set(name, text);
  return text;
}

/** Hash over everything that would replace the node's droplet: 16 hex digits. */
export function hashSpec(spec: NodeSpec): string {
  return createHash("sha256")
    .update(JSON.stringify([spec.droplet, cloudConfig(spec, "")]))
    .digest("hex")
    .slice(0, 16);
}

/**
 * cloud-init user-data of one node: the same text for the same spec. It holds the node's TLS key and the gossip
 * key, so it is a secret, and nothing on the node can read it from the metadata service after boot.
 */
export function userData(spec: NodeSpec): string {
  // JSON is YAML too, and needs no library to quote keys, certificates and scripts right.
  return `#cloud-config\n${JSON.stringify(cloudConfig(spec, hashSpec(spec)), null, 1)}\n`;
}

/** Debian packages of every node. Docker recommends git, Perl modules and more that no node needs and every boot would wait for. */
const packages = [
  "apparmor",
  "ca-certificates",
  "containernetworking-plugins",
  "curl",
  "docker.io",
  "iptables",
  "unattended-upgrades",
  "unzip",
] as const;

function cloudConfig(spec: NodeSpec, specHash: string): object {
  const { nomad, certificates, hostVolumes } = spec;
  const configuration = nomadConfiguration({ ...spec, specHash });
  const installScript = "/usr/local/sbin/install-nomad";
  const packageScript = "/usr/local/sbin/install-packages";
  const { commands, ...login } = loginConfig(spec.droplet.sshKeys.length > 0);
  return {
    ...login,
    apt: { conf: 'APT::Install-Recommends "false";\n', ...aptSources(spec.aptMirror) },
    write_files: [
      {
        path: agentFiles.configuration,
        permissions: "0600",
        content: JSON.stringify(configuration, null, 1),
      },
      { path: agentFiles.caCertificate, permissions: "0644", content: certificates.caCertificate },
      { path: agentFiles.certificate, permissions: "0644", content: certificates.certificate },
      { path: agentFiles.privateKey, permissions: "0600", content: certificates.privateKey },
      {
        path: "/etc/docker/daemon.json",
        permissions: "0644",
        content: JSON.stringify({ "registry-mirrors": spec.dockerRegistryMirrors }),
      },
      {
        path: "/etc/apt/apt.conf.d/52security-updates",
        permissions: "0644",
        content: file("security-updates.conf"),
      },
      { path: packageScript, permissions: "0755", content: file("install-packages.sh") },
      { path: installScript, permissions: "0755", content: file("install-nomad.sh") },
      { path: "/etc/systemd/system/nomad.service", permissions: "0644", content: file("nomad.service") },
      {
        path: "/etc/systemd/system/metadata-firewall.service",
        permissions: "0644",
        content: file("metadata-firewall.service"),
      },
      ...volumeFiles(spec.volumes),
    ],
    runcmd: [
      ...commands,
      [packageScript, ...packages],
      [
        installScript,
        nomad.version,
        nomad.sha256,
        nomad.downloadUrl,
        spec.name,
        ...hostVolumes.map((volume) => volume.path),
      ],
    ],
  };
}

function volumeFiles(volumes: readonly NodeVolume[]): object[] {
  if (volumes.length === 0) return [];
  const list = volumes.map(({ name, volumeName }) => `${name}=${volumeName}`).join(" ");
  return [
    { path: "/etc/default/nomad-volumes", permissions: "0644", content: `VOLUMES=${list}\n` },
    { path: "/usr/local/sbin/mount-volumes", permissions: "0755", content: file("mount-volumes.sh") },
    {
      path: "/etc/systemd/system/nomad-volumes.service",
      permissions: "0644",
      content: file("nomad-volumes.service"),
    },
  ];
}

function aptSources(mirror: string | undefined): object {
  if (mirror === undefined) return {};
  const source = (name: string) => [{ arches: ["default"], uri: `${mirror}/${name}` }];
  return { primary: source("debian"), security: source("debian-security") };
}
