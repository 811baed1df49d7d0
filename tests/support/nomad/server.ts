import { mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { certificateNames } from "../../../components/cluster/certificate-names.ts";
import { nomadConfiguration } from "../../../components/nodes/nomad-configuration.ts";
import { testAuthority } from "../certificate-authority.ts";
import { startNomadProcess } from "./process.ts";

export interface TestAgent {
  readonly address: string;
  readonly caCertificate: string;
  /** Another authority's certificate. */
  readonly otherCaCertificate: string;
  stop(): Promise<void>;
}

/**
 * A real Nomad server on loopback, configured as the components configure a server, but for its ports, its directory
 * and the client, which would need root.
 */
export async function startNomadServer(program: string, firstPort: number): Promise<TestAgent> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "nomad-test-"));
  const authority = await testAuthority();
  const names = certificateNames("server", "global");
  const { certificate, privateKey } = await authority.issue(
    names.commonName,
    names.dnsNames,
    names.ipAddresses,
  );
  const file = (name: string) => path.join(directory, name);
  const loopback = "127.0.0.1";
  const generated = nomadConfiguration({
    datacenter: "sgp1",
    region: "global",
    slot: "server-1",
    specHash: "test",
    server: { bootstrapExpect: 1, gossipKey: Buffer.alloc(32, 7).toString("base64") },
    serverAddresses: [loopback],
    hostVolumes: [],
  });
  const changed = {
    name: "test-server",
    bind_addr: loopback,
    advertise: { http: loopback, rpc: loopback, serf: loopback },
    ports: { http: firstPort, rpc: firstPort + 1, serf: firstPort + 2 },
    tls: {
      http: true,
      rpc: true,
      ca_file: file("ca.pem"),
      cert_file: file("agent.pem"),
      key_file: file("agent-key.pem"),
      verify_server_hostname: true,
      verify_https_client: false,
    },
    client: { enabled: false },
  };
  await Promise.all([
    writeFile(file("ca.pem"), authority.caCertificate),
    writeFile(file("agent.pem"), certificate),
    writeFile(file("agent-key.pem"), privateKey),
  ]);
  const agent = await startNomadProcess(program, directory, { ...generated, ...changed });
  return {
    address: `https://${loopback}:${firstPort}`,
    caCertificate: authority.caCertificate,
    otherCaCertificate: (await testAuthority()).caCertificate,
    stop: () => agent.stop(),
  };
}
