import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";
import { badRequest, notEmulated, notFound, unprocessable } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import { isTagName } from "../rules/droplet-name.ts";
import { paginate } from "../rules/pagination.ts";
import type { Tag } from "../store/entities.ts";
import { ensureTags, findTag } from "../resources/tags.ts";
import { tagView } from "../views/views.ts";

interface ByName {
  Params: { name: string };
}

export function tagRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const requireTag = (name: string): Tag => {
    const tag = store.tags.get(name);
    if (tag === undefined) throw notFound();
    return tag;
  };

  server.post("/v2/tags", (request, reply) => {
    const name = new Fields(request.body).string("name");
    if (!isTagName(name))
      throw badRequest(`Error validating resource tag: tag-name "${name}" contains invalid characters`);
    store.transaction(() => ensureTags(emulator, [name]));
    const tag = findTag(emulator, name);
    return reply.code(201).send({ tag: tag && tagView(emulator, tag, requestUrl(request).origin) });
  });

  server.get("/v2/tags", (request) => {
    const url = requestUrl(request);
    const { items, links, meta } = paginate(store.tags.list(), url);
    return { tags: items.map((tag) => tagView(emulator, tag, url.origin)), links, meta };
  });

  server.get<ByName>("/v2/tags/:name", (request) => ({
    tag: tagView(emulator, requireTag(request.params.name), requestUrl(request).origin),
  }));

  server.delete<ByName>("/v2/tags/:name", (request, reply) => {
    store.transaction(() => {
      const { id } = requireTag(request.params.name);
      for (const droplet of store.droplets.list())
        store.droplets.put({ ...droplet, tags: without(droplet.tags, id) });
      for (const volume of store.volumes.list())
        store.volumes.put({ ...volume, tags: without(volume.tags, id) });
      for (const snapshot of store.snapshots.list())
        store.snapshots.put({ ...snapshot, tags: without(snapshot.tags, id) });
      for (const firewall of store.firewalls.list()) {
        store.firewalls.put({ ...firewall, tags: without(firewall.tags, id) });
      }
      store.tags.delete(id);
    });
    emulator.networkChanged();
    return reply.code(204).send();
  });

  const changeResources = (request: FastifyRequest<ByName>, reply: FastifyReply, tagged: boolean) => {
    store.transaction(() => {
      const tag = requireTag(request.params.name);
      for (const resource of new Fields(request.body).list("resources")) {
        setTagged(emulator, tag.id, new Fields(resource, "resources"), tagged);
      }
    });
    emulator.networkChanged();
    return reply.code(204).send();
  };
  server.post<ByName>("/v2/tags/:name/resources", (request, reply) => changeResources(request, reply, true));
  server.delete<ByName>("/v2/tags/:name/resources", (request, reply) =>
    changeResources(request, reply, false),
  );
}

function without(tags: readonly string[], tag: string): string[] {
  return tags.filter((other) => other !== tag);
}

function setTagged({ store }: Emulator, tag: string, resource: Fields, tagged: boolean): void {
  const id = resource.string("resource_id");
  const type = resource.string("resource_type");
  const change = (tags: readonly string[]) => (tagged ? [...without(tags, tag), tag] : without(tags, tag));
  if (type === "droplet") {
    const droplet = store.droplets.get(Number(id));
    if (droplet === undefined) throw notFound();
    store.droplets.put({ ...droplet, tags: change(droplet.tags) });
  } else if (type === "volume") {
    const volume = store.volumes.get(id);
    if (volume === undefined) throw notFound();
    store.volumes.put({ ...volume, tags: change(volume.tags) });
  } else if (type === "image" || type === "volume_snapshot") {
    const snapshot = store.snapshots.get(id);
    if (snapshot?.resourceType !== (type === "image" ? "droplet" : "volume")) throw notFound();
    store.snapshots.put({ ...snapshot, tags: change(snapshot.tags) });
  } else if (type === "database") {
    throw notEmulated(`tagging a ${type}`);
  } else {
    throw unprocessable(`resource_type [${type}] cannot be tagged`);
  }
}
