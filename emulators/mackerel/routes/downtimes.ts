import type { FastifyInstance } from "fastify";
import { badRequest } from "../api-error.ts";
import { normalizedScope } from "../alerting/settings.ts";
import type { Downtime } from "../alerting/settings.ts";
import type { SettingsStores } from "../alerting/settings-stores.ts";
import type { HostStore } from "../store/host-store.ts";

const texts = { type: "array", uniqueItems: true, items: { type: "string" } };

// `recurrence` is refused: nothing here evaluates it.
const schema = {
  type: "object",
  additionalProperties: false,
  required: ["name", "start", "duration"],
  properties: {
    name: { type: "string", minLength: 1 },
    memo: { type: "string" },
    start: { type: "integer", minimum: 0 },
    duration: { type: "integer", minimum: 1 },
    serviceScopes: texts,
    serviceExcludeScopes: texts,
    roleScopes: texts,
    roleExcludeScopes: texts,
    monitorScopes: texts,
    monitorExcludeScopes: texts,
  },
};

type Body = Pick<Downtime, "name" | "start" | "duration"> & Partial<Downtime>;
interface ById {
  Params: { id: string };
}

/** Keeps when nobody is told; of https://mackerel.io/api-docs/entry/downtimes. */
export function downtimeRoutes(
  app: FastifyInstance,
  { downtimes, monitors }: SettingsStores,
  hosts: HostStore,
): void {
  const accepted = (body: Body): Downtime => {
    const none = {
      ...{ memo: "", serviceScopes: [], serviceExcludeScopes: [], roleScopes: [] },
      ...{ roleExcludeScopes: [], monitorScopes: [], monitorExcludeScopes: [] },
    };
    const given = { ...none, ...body };
    const downtime = {
      ...given,
      roleScopes: given.roleScopes.map(normalizedScope),
      roleExcludeScopes: given.roleExcludeScopes.map(normalizedScope),
    };
    const services = hosts.services();
    const hasRole = (fullname: string) => {
      const [service = "", role = ""] = fullname.split(": ");
      return services.get(service)?.includes(role) === true;
    };
    const missing =
      [...downtime.serviceScopes, ...downtime.serviceExcludeScopes].find((name) => !services.has(name)) ??
      [...downtime.roleScopes, ...downtime.roleExcludeScopes].find((name) => !hasRole(name)) ??
      [...downtime.monitorScopes, ...downtime.monitorExcludeScopes].find((id) => !monitors.has(id));
    if (missing !== undefined) throw badRequest(`The downtime names "${missing}", which does not exist.`);
    return downtime;
  };

  app.get("/api/v0/downtimes", () => ({ downtimes: downtimes.list() }));
  app.post<{ Body: Body }>("/api/v0/downtimes", { schema: { body: schema } }, (request) =>
    downtimes.create(accepted(request.body)),
  );
  app.put<ById & { Body: Body }>("/api/v0/downtimes/:id", { schema: { body: schema } }, (request) =>
    downtimes.replace(request.params.id, accepted(request.body)),
  );
  app.delete<ById>("/api/v0/downtimes/:id", (request) => downtimes.delete(request.params.id));
}
