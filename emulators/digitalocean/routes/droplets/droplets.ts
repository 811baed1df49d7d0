import type { FastifyInstance } from "fastify";
import { takeDropletAddresses } from "../../resources/addresses.ts";
import { parseDropletRequest } from "../../resources/droplet-request.ts";
import type { DropletRequest } from "../../resources/droplet-request.ts";
import { findPublicImage } from "../../catalog.ts";
import type { Emulator } from "../../emulator.ts";
import { pendingDropletAction, requestUrl, requireIdleDroplet } from "../../emulator.ts";
import { badRequest, notEmulated, notFound, unprocessable } from "../../requests/errors.ts";
import { covers } from "../../rules/firewall-resolution.ts";
import { ipv6AddressOf } from "../../rules/ipv6.ts";
import { paginate } from "../../rules/pagination.ts";
import type { Action, Droplet } from "../../store/entities.ts";
import { ensureTags, findTag } from "../../resources/tags.ts";
import { dropletView } from "../../views/droplet.ts";
import { firewallView } from "../../views/views.ts";

interface ById {
  Params: { id: string };
}

/** The droplet with this id, or 404. */
export function requireDroplet(emulator: Emulator, id: string | number): Droplet {
  const droplet = emulator.store.droplets.get(Number(id));
  if (droplet === undefined) throw notFound();
  return droplet;
}

export function dropletRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;

  server.post("/v2/droplets", (request, reply) => {
    const origin = requestUrl(request).origin;
    const created = store.transaction(() => {
      const wanted = parseDropletRequest(request.body, emulator);
      if (store.droplets.list().length + wanted.names.length > emulator.options.limits.droplets) {
        throw unprocessable("creating this/these droplet(s) will exceed your droplet limit");
      }
      return wanted.names.map((name) => createDroplet(emulator, wanted, name));
    });
    emulator.networkChanged();
    const links = {
      actions: created.map(({ action }) => ({
        id: action.id,
        rel: "create",
        href: `${origin}/v2/actions/${action.id}`,
      })),
    };
    const views = created.map(({ droplet }) => dropletView(emulator, droplet));
    const many = Array.isArray((request.body as { names?: unknown }).names);
    return reply.code(202).send(many ? { droplets: views, links } : { droplet: views[0], links });
  });

  server.get("/v2/droplets", (request) => {
    const url = requestUrl(request);
    const { items, links, meta } = paginate(filterDroplets(emulator, url.searchParams), url);
    return { droplets: items.map((droplet) => dropletView(emulator, droplet)), links, meta };
  });

  server.get<ById>("/v2/droplets/:id", (request) => ({
    droplet: dropletView(emulator, requireDroplet(emulator, request.params.id)),
  }));

  server.delete<ById>("/v2/droplets/:id", (request, reply) => {
    store.transaction(() => {
      const droplet = requireDroplet(emulator, request.params.id);
      requireIdleDroplet(emulator, droplet.id);
      beginDestroy(emulator, droplet);
    });
    return reply.code(204).send();
  });

  server.delete("/v2/droplets", (request, reply) => {
    const tag = requestUrl(request).searchParams.get("tag_name");
    if (tag === null || tag === "") throw badRequest("tag_name is required");
    store.transaction(() => {
      for (const droplet of store.droplets.list().filter((candidate) => candidate.tags.includes(tag))) {
        if (pendingDropletAction(emulator, droplet.id) === undefined) beginDestroy(emulator, droplet);
      }
    });
    return reply.code(204).send();
  });

  server.get<ById>("/v2/droplets/:id/firewalls", (request) => {
    const droplet = requireDroplet(emulator, request.params.id);
    const covering = store.firewalls.list().filter((firewall) => covers(firewall, droplet));
    const { items, links, meta } = paginate(covering, requestUrl(request));
    return { firewalls: items.map((firewall) => firewallView(emulator, firewall)), links, meta };
  });
}

function createDroplet(
  emulator: Emulator,
  wanted: DropletRequest,
  name: string,
): { droplet: Droplet; action: Action } {
  const { store, options, runner } = emulator;
  const { region, size, image, userData, features, vpc, publicNetworking, backupPolicy } = wanted;
  const id = store.nextId("droplet", 500_000_001);
  const droplet: Droplet = {
    ...{ id, name, hostname: name, status: "new", region, size, userData, features, publicNetworking },
    image: image.slug ?? String(image.id),
    ...(image.slug === null || findPublicImage(image.slug) === undefined ? { sourceImage: image } : {}),
    ...(wanted.ipv6 ? { ipv6Address: ipv6AddressOf(id) } : {}),
    ...(backupPolicy === undefined ? {} : { backupPolicy }),
    tags: ensureTags(emulator, wanted.tags),
    volumeIds: wanted.volumes.map((volume) => volume.id),
    sshKeys: wanted.sshKeys.map((key) => key.publicKey),
    vpcId: vpc.id,
    ...takeDropletAddresses(store, options, vpc),
    createdAt: emulator.now(),
  };
  store.droplets.put(droplet);
  for (const volume of wanted.volumes) store.volumes.put({ ...volume, dropletId: droplet.id });
  const action = runner.begin({
    type: "create",
    resourceType: "droplet",
    resource: String(droplet.id),
    dropletId: droplet.id,
    region,
  });
  return { droplet, action };
}

function beginDestroy(emulator: Emulator, { id, region }: Droplet): void {
  emulator.runner.begin({
    type: "destroy",
    resourceType: "droplet",
    resource: String(id),
    dropletId: id,
    region,
  });
}

function filterDroplets(emulator: Emulator, query: URLSearchParams): Droplet[] {
  const droplets = emulator.store.droplets.list();
  const tag = query.get("tag_name");
  const name = query.get("name");
  if (tag !== null && name !== null) throw unprocessable("name can not be combined with tag_name");
  if (query.get("type") === "gpus") throw notEmulated("GPU Droplets");
  if (tag !== null) {
    const stable = findTag(emulator, tag)?.id;
    return droplets.filter((droplet) => stable !== undefined && droplet.tags.includes(stable));
  }
  return name === null
    ? droplets
    : droplets.filter((droplet) => droplet.name.toLowerCase() === name.toLowerCase());
}
