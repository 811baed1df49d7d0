import type { FastifyInstance } from "fastify";
import { badRequest } from "../api-error.ts";
import { hostStatuses } from "../store/host.ts";
import type { HostDescription, HostStatus, Role } from "../store/host.ts";
import type { HostStore } from "../store/host-store.ts";
import { Query } from "./query.ts";

// Mackerel's rule for both names: 2 to 63 characters, a letter or digit first.
const roleFullname = "^[A-Za-z0-9][A-Za-z0-9_-]{1,62}:[A-Za-z0-9][A-Za-z0-9_-]{1,62}$";
const roleFullnames = { type: "array", nullable: true, items: { type: "string", pattern: roleFullname } };
const statusSchema = { type: "string", enum: hostStatuses };

const descriptionSchema = {
  type: "object",
  required: ["name", "meta"],
  properties: {
    name: { type: "string", minLength: 1 },
    displayName: { type: "string" },
    customIdentifier: { type: "string", nullable: true },
    memo: { type: "string" },
    meta: { type: "object" },
    interfaces: {
      type: "array",
      nullable: true,
      items: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
    },
    roleFullnames,
    checks: {
      type: "array",
      nullable: true,
      items: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string", pattern: "^[a-zA-Z0-9_-]+$" }, memo: { type: "string" } },
      },
    },
  },
};

type DescriptionBody = Omit<HostDescription, "roles"> & { readonly roleFullnames?: readonly string[] | null };
interface ById {
  Params: { id: string };
}

const roles = (fullnames: readonly string[] | null | undefined): Role[] =>
  (fullnames ?? []).map((fullname) => {
    const [service = "", role = ""] = fullname.split(":");
    return { service, role };
  });

const description = (body: DescriptionBody): HostDescription => ({
  ...body,
  roles: roles(body.roleFullnames),
});

function isStatus(text: string): text is HostStatus {
  return (hostStatuses as readonly string[]).includes(text);
}

/** Registers, shows, updates and retires hosts. */
export function hostRoutes(app: FastifyInstance, hosts: HostStore): void {
  app.post<{ Body: DescriptionBody }>(
    "/api/v0/hosts",
    { schema: { body: descriptionSchema } },
    (request) => ({
      id: hosts.create(description(request.body)),
    }),
  );

  app.get("/api/v0/hosts", (request) => {
    const query = new Query(request.url, ["service", "role", "name", "status", "customIdentifier"]);
    const statuses = query.all("status");
    const unknown = statuses.find((status) => !isStatus(status));
    if (unknown !== undefined) throw badRequest(`"${unknown}" is not a host status.`);
    return {
      hosts: hosts.find({
        service: query.one("service"),
        roles: query.all("role"),
        name: query.one("name"),
        customIdentifier: query.one("customIdentifier"),
        statuses: statuses.length === 0 ? ["working", "standby"] : statuses.filter(isStatus),
      }),
    };
  });

  app.get<ById>("/api/v0/hosts/:id", (request) => ({ host: hosts.get(request.params.id) }));

  app.put<ById & { Body: DescriptionBody }>(
    "/api/v0/hosts/:id",
    { schema: { body: descriptionSchema } },
    (request) => {
      hosts.update(request.params.id, description(request.body));
      return { id: request.params.id };
    },
  );

  app.post<ById & { Body: { status: HostStatus } }>(
    "/api/v0/hosts/:id/status",
    { schema: { body: { type: "object", required: ["status"], properties: { status: statusSchema } } } },
    (request) => {
      hosts.setStatus(request.params.id, request.body.status);
      return { success: true };
    },
  );

  app.put<ById & { Body: { roleFullnames: string[] } }>(
    "/api/v0/hosts/:id/role-fullnames",
    {
      schema: {
        body: {
          type: "object",
          required: ["roleFullnames"],
          properties: { roleFullnames: { ...roleFullnames, nullable: false } },
        },
      },
    },
    (request) => {
      hosts.replaceRoles(request.params.id, roles(request.body.roleFullnames));
      return { success: true };
    },
  );

  app.post<ById>("/api/v0/hosts/:id/retire", (request) => {
    hosts.retire(request.params.id);
    return { success: true };
  });
}
