import { once } from "node:events";
import net from "node:net";
import { pipeline } from "node:stream";
import { nomadPorts } from "../../../components/network/firewall-rules.ts";

/** A reserved address on the loopback interface: what comes in on Nomad's ports goes to one droplet's address. */
export class ReservedAddress {
  readonly #address: string;
  readonly #sockets = new Set<net.Socket>();
  #servers: net.Server[] = [];
  #target: string | undefined;

  constructor(address: string) {
    this.#address = address;
  }

  /** Undefined: to nobody, and connections are refused. Connections to the droplet before are cut. */
  async direct(target: string | undefined): Promise<void> {
    if (target === this.#target) return;
    this.#target = target;
    const servers = this.#servers;
    this.#servers = [];
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    if (target === undefined) return;
    const { http, rpc, serf } = nomadPorts;
    this.#servers = await Promise.all([http, rpc, serf].map((port) => this.#listen(port, target)));
  }

  async #listen(port: number, target: string): Promise<net.Server> {
    const server = net.createServer((incoming) => {
      const outgoing = net.connect(port, target);
      for (const socket of [incoming, outgoing]) {
        this.#sockets.add(socket);
        socket.once("close", () => this.#sockets.delete(socket));
      }
      // Either end may be cut at any time; the other one is closed with it.
      pipeline(incoming, outgoing, () => undefined);
      pipeline(outgoing, incoming, () => undefined);
    });
    server.listen(port, this.#address);
    await once(server, "listening");
    return server;
  }
}
