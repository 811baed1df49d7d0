import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { certificateNames } from "../../../components/cluster/certificate-names.ts";
import { failover } from "../../../components/rollout/failover.ts";
import type { WithFailover } from "../../../components/rollout/failover.ts";
import { NomadClient } from "../../../components/clients/nomad/client.ts";
import type { ClusterDroplet } from "../../../components/rollout/observe/account-droplets.ts";
import { nomadRequest } from "../../../components/clients/nomad/request.ts";
import { dropletNameOf, nodeNameOf, parseSlot } from "../../../components/nodes/names.ts";
import type { Slot } from "../../../components/nodes/names.ts";
import { nomadConfiguration } from "../../../components/nodes/nomad-configuration.ts";
import { startAgentProcess } from "./agent-process.ts";
import { clusterDroplet } from "./cluster-droplet.ts";
import { testAuthority } from "../certificate-authority.ts";
import type { TestAuthority } from "../certificate-authority.ts";

const region = "global";
const ports = { http: 4646, rpc: 4647, serf: 4648 };
export const managementToken = "11111111-2222-4333-8444-555555555555";

interface Droplet extends Pick<ClusterDroplet, "id" | "name" | "size"> {
  status: string;
  readonly slot: Slot;
  readonly spec: string;
  /** Its own address, which no other droplet ever has. */
  readonly address: string;
  readonly powerOff: () => Promise<void>;
  /** With the disk that it had. */
  readonly powerOn: () => void;
  /** Its agent ends, and the account takes the droplet for a running one. */
  readonly crash: () => Promise<void>;
}

/**
 * Real Nomad agents, server and client in one, in place of droplets: each has an id, an address and a process tree of
 * its own. A slot's reserved address, where the API listens, goes from one droplet to the next. They are processes of
 * this machine and need its root.
 */
export class NomadDroplets {
  readonly clusterName = "blog";
  /** Of droplets that are created from now on, in base64. */
  gossipKey = Buffer.alloc(32, 9).toString("base64");
  readonly #program: string;
  readonly #directory: string;
  readonly #authority: TestAuthority;
  readonly #bootstrapExpect: number;
  readonly #subnet: string;
  readonly #droplets: Droplet[] = [];
  /** Of the droplets that are there or just being made, by slot. */
  readonly #addresses = new Map<Slot, string>();
  #created = 0;

  private constructor(
    program: string,
    directory: string,
    authority: TestAuthority,
    bootstrapExpect: number,
    subnet: string,
  ) {
    this.#program = program;
    this.#directory = directory;
    this.#authority = authority;
    this.#bootstrapExpect = bootstrapExpect;
    this.#subnet = subnet;
  }

  /** `subnet` is the first two bytes of loopback addresses that no other test uses, for example `127.81`. */
  static async prepare(program: string, bootstrapExpect: number, subnet: string): Promise<NomadDroplets> {
    const directory = await mkdtemp(path.join(os.tmpdir(), "nomad-droplets-"));
    return new NomadDroplets(program, directory, await testAuthority(), bootstrapExpect, subnet);
  }

  get caCertificate(): string {
    return this.#authority.caCertificate;
  }

  /** As DigitalOcean's API would list them. */
  list(): ClusterDroplet[] {
    return this.#droplets.map(({ id, name, size, status }) => clusterDroplet({ id, name, size, status }));
  }

  /** Slots that have a droplet. */
  slots(): Slot[] {
    return this.#droplets.map(({ slot }) => slot);
  }

  find(slot: Slot): Droplet | undefined {
    return this.#droplets.find((droplet) => droplet.slot === slot);
  }

  reservedAddress(slot: Slot): string {
    return `${this.#subnet}.1.${parseSlot(slot)!.number}`;
  }

  /** URL of the slot's agent. */
  apiAddress(slot: Slot): string {
    return `https://${this.reservedAddress(slot)}:${ports.http}`;
  }

  agent(slot: Slot): NomadClient {
    const { caCertificate } = this;
    return new NomadClient({
      address: this.apiAddress(slot),
      caCertificate,
      token: managementToken,
      timeout: 5_000,
    });
  }

  withFailover(slots: readonly Slot[]): WithFailover<NomadClient> {
    return failover(slots.map((slot) => this.agent(slot)));
  }

  /** A call of the agent in the slot that the project's own client does not have. */
  async call<Answer>(slot: Slot, method: string, target: string, content?: object): Promise<Answer> {
    const options = {
      address: this.apiAddress(slot),
      caCertificate: this.caCertificate,
      token: managementToken,
    };
    const { body } = await nomadRequest(options, method, target, content);
    return JSON.parse(body.toString("utf8")) as Answer;
  }

  /** Boots a droplet with a new id. It joins through the droplets that are there. */
  async create(slot: Slot, spec: string): Promise<Droplet> {
    this.#created += 1;
    const id = String(1000 + this.#created);
    const address = `${this.#subnet}.2.${this.#created}`;
    const name = dropletNameOf(this.clusterName, slot);
    this.#addresses.set(slot, address);
    const joinAddresses = [...this.#addresses.values()];
    const configuration = await this.#configure(id, {
      slot,
      spec,
      name: nodeNameOf({ name, id }),
      address,
      joinAddresses,
    });
    let kill = startAgentProcess(this.#program, configuration);
    const droplet: Droplet = {
      ...{ id, name, size: "s-2vcpu-4gb", status: "active", slot, spec, address },
      powerOff: async () => {
        droplet.status = "off";
        await kill();
      },
      powerOn: () => {
        kill = startAgentProcess(this.#program, configuration);
        droplet.status = "active";
      },
      crash: () => kill(),
    };
    this.#droplets.push(droplet);
    return droplet;
  }

  /** Ends the slot's droplet, if there is one, as a power failure would, and takes it out of the list. */
  async delete(slot: Slot): Promise<void> {
    const droplet = this.find(slot);
    if (!droplet) return;
    this.#addresses.delete(slot);
    await this.deleteById(droplet.id);
  }

  /** Ends the droplet as a power failure would; it stays in the list. */
  async powerOffById(id: string): Promise<void> {
    await this.#droplets.find((droplet) => droplet.id === id)?.powerOff();
  }

  async powerOnById(id: string): Promise<void> {
    await Promise.resolve(this.#droplets.find((droplet) => droplet.id === id)?.powerOn());
  }

  /** Ends the droplet, if it is there, and leaves the slot's other one alone. */
  async deleteById(id: string): Promise<void> {
    const droplet = this.#droplets.find((candidate) => candidate.id === id);
    if (!droplet) return;
    this.#droplets.splice(this.#droplets.indexOf(droplet), 1);
    await droplet.powerOff();
  }

  async close(): Promise<void> {
    await Promise.all(this.#droplets.map((droplet) => droplet.powerOff()));
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #configure(
    id: string,
    given: { slot: Slot; spec: string; name: string; address: string; joinAddresses: string[] },
  ): Promise<string> {
    const { slot, spec, name, address, joinAddresses } = given;
    const reserved = this.reservedAddress(slot);
    const { commonName, dnsNames, ipAddresses } = certificateNames("server", region, reserved);
    const issued = await this.#authority.issue(commonName, dnsNames, ipAddresses);
    const file = (suffix: string) => path.join(this.#directory, `${id}-${suffix}`);
    const generated = nomadConfiguration({
      datacenter: "sgp1",
      region,
      slot,
      specHash: spec,
      server: { bootstrapExpect: this.#bootstrapExpect, gossipKey: this.gossipKey },
      serverAddresses: joinAddresses,
      hostVolumes: [],
    }) as { tls: object; client: object; server: object };
    const changed = {
      name,
      data_dir: file("data"),
      bind_addr: address,
      addresses: { http: `${reserved} ${address}` },
      advertise: { http: address, rpc: address, serf: address },
      ports,
      tls: {
        ...generated.tls,
        ca_file: file("ca.pem"),
        cert_file: file("agent.pem"),
        key_file: file("agent-key.pem"),
      },
      client: {
        ...generated.client,
        network_interface: "lo",
        options: {
          "driver.allowlist": "raw_exec",
          "fingerprint.denylist": "env_aws,env_gce,env_azure,env_digitalocean",
        },
      },
      plugin: { raw_exec: { config: { enabled: true } } },
    };
    await Promise.all([
      writeFile(file("ca.pem"), this.#authority.caCertificate),
      writeFile(file("agent.pem"), issued.certificate),
      writeFile(file("agent-key.pem"), issued.privateKey),
      writeFile(file("nomad.json"), JSON.stringify({ ...generated, ...changed })),
    ]);
    return file("nomad.json");
  }
}
