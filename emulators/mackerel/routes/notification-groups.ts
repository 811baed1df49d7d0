import type { FastifyInstance } from "fastify";
import { badRequest, notImplemented } from "../api-error.ts";
import { defaultGroupName } from "../alerting/notify.ts";
import type { NotificationGroup } from "../alerting/settings.ts";
import type { SettingsStores } from "../alerting/settings-stores.ts";
import type { HostStore } from "../store/host-store.ts";

const ids = { type: "array", items: { type: "string" } };

const item = (properties: object, required: readonly string[]) => ({
  type: "array",
  items: { type: "object", additionalProperties: false, required, properties },
});

const schema = {
  type: "object",
  additionalProperties: false,
  required: ["name", "notificationLevel", "childNotificationGroupIds", "childChannelIds"],
  properties: {
    name: { type: "string", minLength: 1 },
    notificationLevel: { enum: ["all", "critical"] },
    childNotificationGroupIds: ids,
    childChannelIds: ids,
    monitors: item({ id: { type: "string" }, skipDefault: { type: "boolean" } }, ["id", "skipDefault"]),
    services: item({ name: { type: "string" } }, ["name"]),
  },
};

type Body = Omit<NotificationGroup, "monitors" | "services"> & Partial<NotificationGroup>;
interface ById {
  Params: { id: string };
}

/** Keeps who is told of what; of https://mackerel.io/api-docs/entry/notification-groups. */
export function notificationGroupRoutes(
  app: FastifyInstance,
  { groups, channels, monitors }: SettingsStores,
  hosts: HostStore,
): void {
  const accepted = (body: Body): NotificationGroup => {
    const group = { monitors: [], services: [], ...body };
    const missing =
      group.childNotificationGroupIds.find((id) => !groups.has(id)) ??
      group.childChannelIds.find((id) => !channels.has(id)) ??
      group.monitors.find(({ id }) => !monitors.has(id))?.id ??
      group.services.find(({ name }) => !hosts.services().has(name))?.name;
    if (missing !== undefined)
      throw badRequest(`The notification group names "${missing}", which does not exist.`);
    return group;
  };

  app.get("/api/v0/notification-groups", () => ({ notificationGroups: groups.list() }));

  app.post<{ Body: Body }>("/api/v0/notification-groups", { schema: { body: schema } }, (request) => {
    if (request.body.name === defaultGroupName)
      throw notImplemented(`a second notification group with the name ${defaultGroupName}`);
    return groups.create(accepted(request.body));
  });

  app.put<ById & { Body: Body }>(
    "/api/v0/notification-groups/:id",
    { schema: { body: schema } },
    (request) => {
      const { id, name } = groups.get(request.params.id);
      if ((name === defaultGroupName) !== (request.body.name === defaultGroupName))
        throw notImplemented("another default notification group");
      return groups.replace(id, accepted(request.body));
    },
  );

  app.delete<ById>("/api/v0/notification-groups/:id", (request) => {
    const { id, name } = groups.get(request.params.id);
    if (name === defaultGroupName) throw notImplemented("deleting the default notification group");
    if (groups.list().some(({ childNotificationGroupIds }) => childNotificationGroupIds.includes(id)))
      throw notImplemented("deleting a notification group that another has");
    return groups.delete(id);
  });
}
