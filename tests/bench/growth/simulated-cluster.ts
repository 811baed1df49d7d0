import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { storedOnlyHypervisor } from "../../../emulators/digitalocean/index.ts";
import type { Hypervisor, Machine } from "../../../emulators/digitalocean/index.ts";
import { answerOf } from "./nomad-answers.ts";
import type { SimulatedNode, SimulatedState } from "./nomad-answers.ts";

const nomadPort = 4646;

interface UserData {
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
}

interface AgentConfiguration {
  readonly server?: { readonly encrypt: string };
  readonly client: { readonly meta: Readonly<Record<string, string>> };
}

interface SimulatedDroplet {
  readonly node: SimulatedNode;
  /** PEM. */
  readonly certificate: string;
  readonly privateKey: string;
}

/**
 * Droplets in which nothing runs, and a Nomad cluster that says it consists of them: every one has joined as soon as it is
 * created. The API of each server answers on the droplet's address and on the reserved one, which are loopback addresses.
 */
export class SimulatedCluster {
  readonly #droplets = new Map<number, SimulatedDroplet>();
  readonly #state: SimulatedState = { nodes: [], gossipKey: "", managementToken: undefined };
  readonly #servers: https.Server[] = [];

  readonly hypervisor: Hypervisor = {
    ...storedOnlyHypervisor(),
    create: async (machine) => {
      if (this.#droplets.has(machine.id)) return;
      const { droplet, gossipKey } = simulatedDroplet(machine);
      this.#droplets.set(machine.id, droplet);
      this.#state.nodes.push(droplet.node);
      if (gossipKey === undefined) return;
      this.#state.gossipKey = gossipKey;
      await this.#listen(machine.publicAddress, droplet);
    },
    setReservedIp: async (address, dropletId) => {
      const droplet = dropletId === undefined ? undefined : this.#droplets.get(dropletId);
      if (droplet) await this.#listen(address, droplet);
    },
  };

  async close(): Promise<void> {
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  async #listen(address: string, { certificate, privateKey }: SimulatedDroplet): Promise<void> {
    const server = https.createServer({ cert: certificate, key: privateKey }, (request, response) => {
      void this.#answer(request, response);
    });
    this.#servers.push(server);
    server.listen(nomadPort, address);
    await once(server, "listening");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    const body = await text(request);
    const { status, content } = answerOf(this.#state, {
      method,
      path: new URL(url, "https://nomad").pathname,
      token: String(headers["x-nomad-token"] ?? ""),
      content: body === "" ? {} : (JSON.parse(body) as object),
    });
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
  }
}

function simulatedDroplet({ id, name, publicAddress, userData }: Machine): {
  droplet: SimulatedDroplet;
  gossipKey: string | undefined;
} {
  const { write_files: files } = parse(userData) as UserData;
  const file = (path: string) => {
    const found = files.find((one) => one.path === `/etc/nomad.d/${path}`);
    if (found === undefined) throw new Error(`the user-data of ${name} has no /etc/nomad.d/${path}`);
    return found.content;
  };
  const { server, client } = JSON.parse(file("nomad.json")) as AgentConfiguration;
  return {
    gossipKey: server?.encrypt,
    droplet: {
      node: {
        id: uuid(String(id)),
        name: `${name}-${id}`,
        address: publicAddress,
        isServer: server !== undefined,
        meta: client.meta,
      },
      certificate: file("tls/agent.pem"),
      privateKey: file("tls/agent-key.pem"),
    },
  };
}

/** The same for the same text. */
function uuid(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}
