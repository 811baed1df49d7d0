import { expect, test } from "vitest";
import { userData } from "../../../components/nodes/user-data.ts";
import { agentFiles } from "../../drills/faults/agent-files.ts";

test("an agent on a loopback address has the droplet's certificates and meta, and paths and address of its own", () => {
  const text = userData({
    name: "blog-server-1",
    droplet: { region: "sgp1", image: "debian-12-x64", sshKeys: [] },
    nomad: { version: "2.0.7", sha256: "a".repeat(64), downloadUrl: "https://example.com" },
    certificates: { caCertificate: "the authority", certificate: "the certificate", privateKey: "the key" },
    dockerRegistryMirrors: [],
    volumes: [
      { name: "data", volumeName: "blog-data" },
      { name: "more", volumeName: "blog-more" },
    ],
    datacenter: "sgp1",
    region: "global",
    slot: "server-1",
    server: { bootstrapExpect: 3, gossipKey: "the gossip key" },
    serverAddresses: ["127.100.1.1"],
    hostVolumes: [{ name: "agent-state", path: "/opt/nomad/host-volumes/agent-state" }],
  });
  const { files, directories, configuration } = agentFiles(
    {
      id: 7,
      name: "blog-server-1",
      userData: text,
      sshKeys: [],
      publicAddress: "127.100.0.10",
      anchorAddress: "10.15.0.2",
      vpc: { id: "vpc", ipRange: "10.104.0.0/20", address: "10.104.0.2" },
      vcpus: 2,
      memoryMiB: 4096,
    },
    "/droplet",
  );
  expect(files.map((file) => [file.path, file.path === configuration ? "" : file.content])).toEqual([
    ["/droplet/etc/nomad.d/nomad.json", ""],
    ["/droplet/etc/nomad.d/tls/ca.pem", "the authority"],
    ["/droplet/etc/nomad.d/tls/agent.pem", "the certificate"],
    ["/droplet/etc/nomad.d/tls/agent-key.pem", "the key"],
    ...["data", "more"].map((name) => [
      `/droplet/etc/nomad.d/volume-${name}.hcl`,
      `client {\n  host_volume "${name}" {\n    path = "/droplet/mnt/${name}/data"\n  }\n}\n`,
    ]),
  ]);
  expect(directories).toEqual([
    "/droplet/opt/nomad/host-volumes/agent-state",
    "/droplet/mnt/data/data",
    "/droplet/mnt/more/data",
  ]);
  expect(JSON.parse(files[0]!.content)).toMatchObject({
    name: "blog-server-1-7",
    bind_addr: "127.100.0.10",
    advertise: { rpc: "127.100.0.10" },
    data_dir: "/droplet/opt/nomad/data",
    acl: { enabled: true },
    tls: { verify_server_hostname: true, key_file: "/droplet/etc/nomad.d/tls/agent-key.pem" },
    server: { encrypt: "the gossip key", bootstrap_expect: 3 },
    client: { meta: { slot: "server-1" }, server_join: { retry_join: ["127.100.1.1"] } },
  });
});
