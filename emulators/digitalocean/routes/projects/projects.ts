import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl } from "../../emulator.ts";
import { conflict, notFound, preconditionFailed, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { defaultProject, resourcesOf } from "../../resources/projects.ts";
import { paginate } from "../../rules/pagination.ts";
import type { Project } from "../../store/entities.ts";

interface ById {
  Params: { id: string };
}

const purposes = [
  ...["Just trying out DigitalOcean", "Class project / Educational purposes", "Website or blog", "IoT"],
  ...["Web Application", "Service or API", "Mobile Application", "Operational / Developer tooling"],
  "Machine learning / AI / Data processing",
];
const environments = ["Development", "Staging", "Production"];
const longest = { name: 175, description: 255, purpose: 255 } as const;

/** The project with this id, or "default", or 404. */
export function requireProject(emulator: Emulator, id: string): Project {
  if (id === "default") return defaultProject(emulator);
  const project = emulator.store.projects.get(id);
  if (project === undefined) throw notFound();
  return project;
}

export function projectRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;

  server.post("/v2/projects", (request, reply) => {
    const project = store.transaction(() => {
      defaultProject(emulator);
      const body = new Fields(request.body);
      body.string("name");
      body.string("purpose");
      const createdAt = emulator.now();
      const empty = { name: "", description: "", purpose: "", environment: "", isDefault: false };
      return put(emulator, { ...empty, id: randomUUID(), createdAt, updatedAt: createdAt }, body);
    });
    return reply.code(201).send({ project: projectView(emulator, project) });
  });

  server.get("/v2/projects", (request) => {
    defaultProject(emulator);
    const { items, links, meta } = paginate(store.projects.list(), requestUrl(request));
    return { projects: items.map((project) => projectView(emulator, project)), links, meta };
  });

  server.get<ById>("/v2/projects/:id", (request) => ({
    project: projectView(emulator, requireProject(emulator, request.params.id)),
  }));

  for (const method of ["PUT", "PATCH"] as const) {
    server.route<ById>({
      method,
      url: "/v2/projects/:id",
      handler: (request) => {
        const project = store.transaction(() => {
          const body = new Fields(request.body);
          if (method === "PUT") for (const field of ["name", "purpose"]) body.string(field);
          const old = requireProject(emulator, request.params.id);
          return put(emulator, { ...old, updatedAt: emulator.now() }, body);
        });
        return { project: projectView(emulator, project) };
      },
    });
  }

  server.delete<ById>("/v2/projects/:id", (request, reply) => {
    store.transaction(() => {
      const project = requireProject(emulator, request.params.id);
      if (project.isDefault) throw unprocessable("the default project cannot be deleted");
      if (resourcesOf(emulator, project).length > 0)
        throw preconditionFailed(
          "cannot delete a project with resources. move or remove the resources first",
        );
      store.projects.delete(project.id);
    });
    return reply.code(204).send();
  });
}

/** Stores the project with what the body changes. */
function put(emulator: Emulator, project: Project, body: Fields): Project {
  const { store } = emulator;
  body.onlyEmulated([
    "id",
    "owner_uuid",
    "owner_id",
    "created_at",
    "updated_at",
    "is_default",
    ...Object.keys(longest),
    "environment",
  ]);
  for (const [field, length] of Object.entries(longest)) {
    if ((body.optionalString(field) ?? "").length > length)
      throw unprocessable(`${field} is longer than ${length} characters`);
  }
  const purpose = body.optionalString("purpose") ?? project.purpose;
  const environment = body.optionalString("environment") ?? project.environment;
  if (environment !== "" && !environments.includes(environment))
    throw unprocessable(`environment [${environment}] must be one of ${environments.join(", ")}`);
  const changed: Project = {
    ...project,
    name: body.optionalString("name") ?? project.name,
    description: body.optionalString("description") ?? project.description,
    purpose: purposes.includes(purpose) || purpose.startsWith("Other: ") ? purpose : `Other: ${purpose}`,
    environment,
    // The default is moved to another project, never just taken away.
    isDefault: project.isDefault || body.boolean("is_default") === true,
  };
  const others = store.projects.list().filter(({ id }) => id !== project.id);
  if (others.some(({ name }) => name === changed.name))
    throw conflict(`name [${changed.name}] is the name of another project`);
  for (const other of changed.isDefault ? others : [])
    if (other.isDefault) store.projects.put({ ...other, isDefault: false });
  store.projects.put(changed);
  return changed;
}

function projectView({ projectId }: Emulator, project: Project) {
  return {
    id: project.id,
    owner_uuid: projectId,
    owner_id: 1,
    name: project.name,
    description: project.description,
    purpose: project.purpose,
    ...(project.environment === "" ? {} : { environment: project.environment }),
    is_default: project.isDefault,
    created_at: project.createdAt,
    updated_at: project.updatedAt,
  };
}
