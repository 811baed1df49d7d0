import type { FastifyInstance, FastifyRequest } from "fastify";
import { badRequest, notImplemented } from "../api-error.ts";
import type { AlertStore } from "../alerting/alert-store.ts";
import { normalizedScope } from "../alerting/settings.ts";
import type { Monitor } from "../alerting/settings.ts";
import type { SettingsStores } from "../alerting/settings-stores.ts";
import type { HostStore } from "../store/host-store.ts";
import { monitorSchemas } from "./monitor-schema.ts";

/** Types and properties that Mackerel has and that are not evaluated here. */
const unknownTypes = ["expression", "anomalyDetection", "query"];
const unknownProperties = ["followRedirect", "dualstack"];

interface ById {
  Params: { id: string };
}

type Body = Record<string, unknown> & { readonly type: Monitor["type"] };

const defaults: Readonly<Record<Monitor["type"], object>> = {
  host: { memo: "", isMute: false, maxCheckAttempts: 1, scopes: [], excludeScopes: [] },
  connectivity: {
    ...{ name: "connectivity", memo: "", isMute: false },
    ...{ alertStatusOnGone: "CRITICAL", scopes: [], excludeScopes: [] },
  },
  service: { memo: "", isMute: false, maxCheckAttempts: 1 },
  external: { memo: "", isMute: false, maxCheckAttempts: 1, skipCertificateVerification: false, headers: [] },
};

/** Keeps what is monitored. */
export function monitorRoutes(
  app: FastifyInstance,
  parts: { readonly settings: SettingsStores; readonly alerts: AlertStore; readonly hosts: HostStore },
): void {
  const { monitors, groups, downtimes } = parts.settings;
  const accepted = (request: FastifyRequest): Monitor => acceptedMonitor(request, parts.hosts);

  app.get("/api/v0/monitors", () => ({ monitors: monitors.list() }));
  app.get<ById>("/api/v0/monitors/:id", (request) => ({ monitor: monitors.get(request.params.id) }));
  app.post("/api/v0/monitors", (request) => monitors.create(accepted(request)));

  app.put<ById>("/api/v0/monitors/:id", (request) => {
    const monitor = accepted(request);
    const { id, type } = monitors.get(request.params.id);
    if (monitor.type !== type) throw badRequest(`The type of a monitor cannot change from "${type}".`);
    return monitors.replace(id, monitor);
  });

  app.delete<ById>("/api/v0/monitors/:id", (request) => {
    const { id } = monitors.get(request.params.id);
    const isNamed =
      groups.list().some((group) => group.monitors.some((monitor) => monitor.id === id)) ||
      downtimes.list().some((one) => [...one.monitorScopes, ...one.monitorExcludeScopes].includes(id));
    if (isNamed) throw notImplemented("deleting a monitor that a notification group or a downtime names");
    for (const alert of parts.alerts.openOf({ monitor: id })) parts.alerts.close(alert, {});
    return monitors.delete(id);
  });
}

function acceptedMonitor(request: FastifyRequest, hosts: HostStore): Monitor {
  const body = request.body as Partial<Body> | null;
  if (typeof body?.type !== "string") throw badRequest('"type" is required.');
  if (unknownTypes.includes(body.type)) throw notImplemented(`monitors of type "${body.type}"`);
  const schema = monitorSchemas[body.type];
  if (schema === undefined) throw badRequest(`"${body.type}" is not a type of monitor.`);
  const unknown = Object.keys(body).find((key) => unknownProperties.includes(key));
  if (unknown !== undefined) throw notImplemented(`the property "${unknown}" of a monitor`);
  const validate = request.getValidationFunction(schema) ?? request.compileValidationSchema(schema);
  if (!validate(body)) {
    const [error] = validate.errors ?? [];
    throw badRequest(`body${error?.instancePath ?? ""} ${error?.message ?? "is invalid"}`);
  }
  const monitor = { ...defaults[body.type], ...body } as unknown as Monitor;
  checkLimits(monitor);
  checkServices(monitor, hosts);
  if (monitor.type !== "host" && monitor.type !== "connectivity") return monitor;
  return {
    ...monitor,
    scopes: monitor.scopes.map(normalizedScope),
    excludeScopes: monitor.excludeScopes.map(normalizedScope),
  };
}

const isNumber = (value: unknown): value is number => typeof value === "number";

function checkLimits(monitor: Monitor): void {
  if (monitor.type === "host" || monitor.type === "service") {
    const limits = [monitor.warning, monitor.critical].filter(isNumber);
    if (limits.length === 0) throw badRequest('One of "warning" and "critical" is required.');
    if (monitor.metric.endsWith("%") && limits.some((limit) => limit < 0 || limit > 100))
      throw badRequest(`A limit of "${monitor.metric}" is from 0 to 100.`);
    if (monitor.type === "host" && /%$/.test(monitor.metric) && !rates.includes(monitor.metric))
      throw badRequest(`"${monitor.metric}" is not one of ${rates.join(", ")}.`);
  }
  if (monitor.type === "external") {
    const { responseTimeWarning, responseTimeCritical, responseTimeDuration, service } = monitor;
    const times = [responseTimeWarning, responseTimeCritical, responseTimeDuration].filter(isNumber);
    if (times.length > 0 && service === undefined)
      throw badRequest('A response time is monitored as a metric of a service: "service" is required.');
  }
}

const rates = ["cpu%", "memory%", "swap%", "filesystem%"];

function checkServices(monitor: Monitor, hosts: HostStore): void {
  const services = hosts.services();
  const named =
    monitor.type === "host" || monitor.type === "connectivity"
      ? [...monitor.scopes, ...monitor.excludeScopes].map((scope) => scope.split(/\s*:\s*/))
      : monitor.service === undefined
        ? []
        : [[monitor.service]];
  for (const [service = "", role] of named) {
    const roles = services.get(service);
    if (roles === undefined) throw badRequest(`There is no service "${service}".`);
    if (role !== undefined && !roles.includes(role))
      throw badRequest(`The service "${service}" has no role "${role}".`);
  }
}
