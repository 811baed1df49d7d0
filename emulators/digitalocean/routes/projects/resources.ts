import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl } from "../../emulator.ts";
import { notEmulated, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { allProjectResources, resourcesOf } from "../../resources/projects.ts";
import type { ProjectResource } from "../../resources/projects.ts";
import { paginate } from "../../rules/pagination.ts";
import { requireProject } from "./projects.ts";

interface ById {
  Params: { id: string };
}

const emulated = ["domain", "droplet", "loadbalancer", "volume", "reservedip", "floatingip"];
/** Kinds that DigitalOcean keeps in projects and this emulator does not have. */
const others = [
  ...["app", "bucket", "certificate", "database", "dbaas", "domainrecord", "firewall"],
  ...["kubernetes", "space"],
];

export function projectResourceRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const view = (origin: string, status: string) => (resource: ProjectResource) => ({
    urn: resource.urn,
    assigned_at: store.projectAssignments.get(resource.urn)?.assignedAt ?? resource.createdAt,
    links: { self: `${origin}${resource.path}` },
    status,
  });

  server.get<ById>("/v2/projects/:id/resources", (request) => {
    const url = requestUrl(request);
    const project = requireProject(emulator, request.params.id);
    const { items, links, meta } = paginate(resourcesOf(emulator, project), url);
    return { resources: items.map(view(url.origin, "ok")), links, meta };
  });

  server.post<ById>("/v2/projects/:id/resources", (request) => {
    const url = requestUrl(request);
    const assigned = store.transaction(() => {
      const project = requireProject(emulator, request.params.id);
      const wanted = new Fields(request.body).strings("resources").map(storedUrn);
      const all = allProjectResources(emulator);
      return wanted.map((urn) => {
        const resource = all.find((candidate) => candidate.urn === urn);
        if (resource === undefined) throw unprocessable(`resources: there is no [${urn}]`);
        store.projectAssignments.put({ id: urn, projectId: project.id, assignedAt: emulator.now() });
        return resource;
      });
    });
    return { resources: assigned.map(view(url.origin, "assigned")) };
  });
}

/** The URN under which a resource is stored. Throws 422 for what cannot be in a project, and 501 for what is not here. */
function storedUrn(urn: string): string {
  const [, kind = "", id = ""] = /^do:([a-z0-9]+):(.+)$/i.exec(urn) ?? [];
  if (others.includes(kind)) throw notEmulated(`a ${kind} in a project`);
  if (!emulated.includes(kind)) throw unprocessable(`resources: [${urn}] cannot be in a project`);
  return kind === "floatingip" ? `do:reservedip:${id}` : urn;
}
