import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NodeSpec } from "../../../../components/nodes/user-data.ts";
import { hashSpec, userData } from "../../../../components/nodes/user-data.ts";
import { preparedPackages } from "../../../../sandbox/droplets/image.ts";

const spec: NodeSpec = {
  name: "blog-server-1",
  slot: "server-1",
  datacenter: "sgp1",
  region: "global",
  server: { bootstrapExpect: 3, gossipKey: "Z29zc2lwLWtleS1vZi0zMi1ieXRlcy1pbi1iYXNlNjQ=" },
  serverAddresses: ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
  hostVolumes: [{ name: "agent-state", path: "/opt/nomad/host-volumes/agent-state" }],
  droplet: { region: "sgp1", image: "debian-12-x64", sshKeys: [] },
  nomad: { version: "2.0.7", sha256: "a".repeat(64), downloadUrl: "https://releases.hashicorp.com/nomad" },
  certificates: { caCertificate: "CA", certificate: "CERTIFICATE", privateKey: "KEY" },
  dockerRegistryMirrors: [],
  volumes: [],
};
const withVolume = { ...spec, volumes: [{ name: "blog-content", volumeName: "blog-blog-content" }] };

interface CloudConfig {
  apt: { conf: string; primary?: { uri: string }[]; security?: { uri: string }[] };
  write_files: { path: string; permissions: string; content: string }[];
  ssh_pwauth: boolean;
  runcmd: string[][];
}

function parse(text: string): CloudConfig {
  const [first, ...rest] = text.split("\n");
  expect(first).toBe("#cloud-config");
  return JSON.parse(rest.join("\n")) as CloudConfig;
}

const fileOf = (config: CloudConfig, path: string) => config.write_files.find((file) => file.path === path);

interface AgentConfiguration {
  server?: { bootstrap_expect: number; encrypt: string; server_join: { retry_join: string[] } };
  client: { meta: { slot: string; spec: string }; host_volume: Record<string, { path: string }> };
  acl: { enabled: boolean };
  tls: { http: boolean; rpc: boolean; verify_server_hostname: boolean };
  plugin: { docker: { config: { allow_privileged: boolean; volumes: { enabled: boolean } } } };
}

const agentConfiguration = (text: string) =>
  JSON.parse(fileOf(parse(text), "/etc/nomad.d/nomad.json")!.content) as AgentConfiguration;

describe("user-data", () => {
  test("installs the packages that the sandbox's prepared droplet image has already", () => {
    const [script, ...packages] = parse(userData(spec)).runcmd[2]!;
    expect(script).toBe("/usr/local/sbin/install-packages");
    expect(packages).toEqual(preparedPackages);
  });

  test("lets nobody log in with a password, and without an SSH key locks root's before anything else", () => {
    const withKey = { ...spec, droplet: { ...spec.droplet, sshKeys: ["512"] } };
    expect(parse(userData(withKey)).ssh_pwauth).toBe(false);
    expect(parse(userData(spec)).ssh_pwauth).toBe(false);
    expect(parse(userData(spec)).runcmd[0]).toEqual(["passwd", "--lock", "root"]);
    expect(userData(withKey)).not.toContain("passwd");
  });

  test("is locked from the first boot", () => {
    const { acl, tls, plugin, server } = agentConfiguration(userData(spec));
    expect(acl.enabled).toBe(true);
    expect(tls).toMatchObject({ http: true, rpc: true, verify_server_hostname: true });
    expect(plugin.docker.config).toEqual({ allow_privileged: false, volumes: { enabled: false } });
    expect(server?.encrypt).toBe(spec.server?.gossipKey);
  });

  test("keeps the private key and the agent's configuration from other users of the node", () => {
    const config = parse(userData(spec));
    for (const path of ["/etc/nomad.d/tls/agent-key.pem", "/etc/nomad.d/nomad.json"])
      expect(fileOf(config, path)?.permissions).toBe("0600");
  });

  test("closes the metadata service, which would show it to every container, before the agent starts", () => {
    const config = parse(userData(spec));
    expect(fileOf(config, "/etc/systemd/system/nomad.service")?.content).toContain(
      "Requires=metadata-firewall.service",
    );
    const rules = fileOf(config, "/etc/systemd/system/metadata-firewall.service")?.content;
    expect(rules).toMatch(/^ExecStart=.*raw.*PREROUTING.*169\.254\.169\.254.*DROP$/m);
    expect(rules).toMatch(/^ExecStart=.*OUTPUT.*169\.254\.169\.254.*REJECT$/m);
  });

  test("of a client has neither the gossip key nor a server", () => {
    const { server, ...client } = spec;
    const text = userData(client);
    expect(agentConfiguration(text).server).toBeUndefined();
    expect(text).not.toContain(server!.gossipKey);
  });

  test("installs the pinned version from the given place, checked against its sha256", () => {
    expect(parse(userData(spec)).runcmd[3]).toEqual([
      "/usr/local/sbin/install-nomad",
      "2.0.7",
      "a".repeat(64),
      "https://releases.hashicorp.com/nomad",
      "blog-server-1",
      "/opt/nomad/host-volumes/agent-state",
    ]);
    const script = fileOf(parse(userData(spec)), "/usr/local/sbin/install-nomad")?.content;
    expect(script).toContain("sha256sum --check");
  });

  test("takes Debian's packages from a mirror only if there is one", () => {
    expect(parse(userData(spec)).apt.primary).toBeUndefined();
    expect(parse(userData({ ...spec, aptMirror: "http://mirror.example" })).apt).toMatchObject({
      primary: [{ arches: ["default"], uri: "http://mirror.example/debian" }],
      security: [{ arches: ["default"], uri: "http://mirror.example/debian-security" }],
    });
  });

  test("mounts its volumes before the agent starts, and knows nothing of volumes where there are none", () => {
    const config = parse(userData(withVolume));
    expect(fileOf(config, "/etc/default/nomad-volumes")?.content).toBe(
      "VOLUMES=blog-content=blog-blog-content\n",
    );
    expect(fileOf(config, "/etc/systemd/system/nomad-volumes.service")?.content).toMatch(
      /^Before=nomad.service$/m,
    );
    expect(fileOf(config, "/usr/local/sbin/mount-volumes")?.permissions).toBe("0755");
    expect(parse(userData(spec)).write_files.map(({ path }) => path)).not.toEqual(
      expect.arrayContaining([expect.stringContaining("volumes")]),
    );
  });

  test("offers Nomad no volume before it is mounted", () => {
    expect(Object.keys(agentConfiguration(userData(withVolume)).client.host_volume)).toEqual(["agent-state"]);
  });

  test("survives any text in a certificate or a name of a volume", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const certificates = { ...spec.certificates, certificate: text };
        const config = parse(userData({ ...spec, certificates }));
        expect(fileOf(config, "/etc/nomad.d/tls/agent.pem")?.content).toBe(text);
      }),
    );
  });

  test("fits where cloud-init reads it, with certificates of the usual length", () => {
    // DigitalOcean takes 64 KiB; cloud-init on other clouds takes 16 KiB.
    const limit = 16 * 1024;
    const certificates = {
      caCertificate: "x".repeat(900),
      certificate: "x".repeat(1100),
      privateKey: "x".repeat(240),
    };
    expect(Buffer.byteLength(userData({ ...withVolume, certificates }))).toBeLessThan(limit);
  });
});

describe("the spec of a node", () => {
  test("is part of the configuration, so that a change of it replaces the droplet", () => {
    expect(agentConfiguration(userData(spec)).client.meta).toEqual({
      slot: "server-1",
      spec: hashSpec(spec),
    });
  });
  test.each<[string, NodeSpec]>([
    ["image", { ...spec, droplet: { ...spec.droplet, image: "debian-13-x64" } }],
    ["SSH key", { ...spec, droplet: { ...spec.droplet, sshKeys: ["1"] } }],
    ["Nomad version", { ...spec, nomad: { ...spec.nomad, version: "2.0.8" } }],
    ["certificate", { ...spec, certificates: { ...spec.certificates, certificate: "NEW" } }],
    ["host volume", { ...spec, hostVolumes: [] }],
    ["attached volume", withVolume],
  ])("changes with the %s", (_, changed) => {
    expect(hashSpec(changed)).not.toBe(hashSpec(spec));
  });
  test("is the same for the same definition", () => {
    expect(hashSpec(structuredClone(spec))).toBe(hashSpec(spec));
  });
});
