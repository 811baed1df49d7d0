import fastify from "fastify";
import type { Machine } from "../../emulators/digitalocean/index.ts";
import { ports } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import { DropletStore } from "./droplet-store.ts";

export interface MetadataServiceOptions {
  readonly settings: SandboxSettings;
  /** Gateway address of the sandbox's public network. */
  readonly address: string;
  /** @default "sgp1" */
  readonly region?: string;
}

/**
 * Serves DigitalOcean's droplet metadata. Droplets reach it at http://169.254.169.254/metadata/v1/, which the port of
 * the droplet translates; the source address says whose metadata is meant, so a container gets its droplet's, as on
 * DigitalOcean. A path that is not emulated is answered 404.
 */
export async function startMetadataService(
  options: MetadataServiceOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const { settings, address, region = "sgp1" } = options;
  const store = new DropletStore(settings);
  const server = fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } });

  async function metadataFor(source: string): Promise<Metadata | undefined> {
    const machine = (await store.list())
      .map((record) => record.machine)
      .find((one) => one.publicAddress === source);
    if (!machine) return undefined;
    const reserved = Object.entries(await store.reservedAddresses()).find(([, id]) => id === machine.id)?.[0];
    return metadata(machine, region, reserved);
  }

  server.get("/metadata/v1.json", async (request, reply) => {
    const found = await metadataFor(request.ip);
    return found ?? reply.code(404).send("not found");
  });
  server.get("/metadata/v1", async (request, reply) => answer(await metadataFor(request.ip), [], reply));
  server.get<{ Params: { "*": string } }>("/metadata/v1/*", async (request, reply) =>
    answer(await metadataFor(request.ip), request.params["*"].split("/").filter(Boolean), reply),
  );
  const url = await server.listen({ host: address, port: ports.metadata });
  return { url, close: () => server.close() };
}

interface TextReply {
  code(status: number): TextReply;
  type(contentType: string): TextReply;
  send(text: string): unknown;
}

function answer(found: Metadata | undefined, path: readonly string[], reply: TextReply): unknown {
  const text = found && metadataText(found, path);
  return reply
    .type("text/plain; charset=utf-8")
    .code(text === undefined ? 404 : 200)
    .send(text ?? "not found");
}

/** A tree of metadata: leaves are text, lists are numbered from 0. */
export interface Metadata {
  readonly [name: string]: string | number | boolean | Metadata | readonly (string | Metadata)[];
}

/** What the metadata service knows of a droplet, in the shape of v1.json. */
export function metadata(machine: Machine, region: string, reservedAddress: string | undefined): Metadata {
  const reserved =
    reservedAddress === undefined ? { active: false } : { active: true, ip_address: reservedAddress };
  return {
    droplet_id: machine.id,
    hostname: machine.name,
    user_data: machine.userData,
    public_keys: machine.sshKeys,
    region,
    interfaces: {
      public: [
        {
          ipv4: { ip_address: machine.publicAddress },
          anchor_ipv4: { ip_address: machine.anchorAddress },
          type: "public",
        },
      ],
      private: [{ ipv4: { ip_address: machine.vpc.address }, type: "private" }],
    },
    floating_ip: { ipv4: reserved },
    reserved_ip: { ipv4: reserved },
  };
}

// The paths say "id", "user-data" and "address" where the document says "droplet_id", "user_data" and "ip_address".
const namesInPaths: Readonly<Record<string, string>> = { droplet_id: "id" };

/** Text at a path below /metadata/v1: a value, a list one a line, or the names below it; undefined when there is none. */
export function metadataText(tree: Metadata, path: readonly string[]): string | undefined {
  let node: Metadata[string] | undefined = tree;
  for (const name of path) {
    if (typeof node !== "object") return undefined;
    const children: Metadata = Object.fromEntries<Metadata[string]>(Object.entries(node));
    const key = Object.keys(children).find((candidate) => pathName(candidate, path) === name);
    node = key === undefined ? undefined : children[key];
  }
  if (node === undefined) return undefined;
  if (typeof node !== "object") return String(node);
  if (!Array.isArray(node))
    return Object.entries(node)
      .map(
        ([name, child]) =>
          pathName(name, path) + (typeof child === "object" && !isTextList(child) ? "/" : ""),
      )
      .join("\n");
  const list = node as readonly (string | Metadata)[];
  return list.map((entry, index) => (typeof entry === "string" ? entry : `${index}/`)).join("\n");
}

function isTextList(node: object): boolean {
  return Array.isArray(node) && node.every((entry) => typeof entry === "string");
}

function pathName(name: string, path: readonly string[]): string {
  if (namesInPaths[name]) return namesInPaths[name];
  if (name === "ip_address" && path[0] === "interfaces") return "address";
  return ["user_data", "public_keys"].includes(name) ? name.replace("_", "-") : name;
}
