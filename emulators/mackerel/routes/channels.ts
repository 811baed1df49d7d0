import type { FastifyInstance } from "fastify";
import { badRequest, notImplemented } from "../api-error.ts";
import { defaultGroupName } from "../alerting/notify.ts";
import type { Channel } from "../alerting/settings.ts";
import type { SettingsStores } from "../alerting/settings-stores.ts";

const events = ["alert", "alertGroup", "hostStatus", "hostRegister", "hostRetire", "monitor"];
const text = { type: "string" };
const texts = { type: "array", items: text };
const url = { type: "string", pattern: "^https?://" };
const listOfEvents = { type: "array", items: { enum: events } };

const oneType = (type: string, properties: object, required: readonly string[]) => ({
  type: "object",
  additionalProperties: false,
  required: ["name", "type", "events", ...required],
  properties: {
    name: { type: "string", minLength: 1 },
    type: { const: type },
    events: listOfEvents,
    addToDefaultNotificationGroup: { type: "boolean" },
    ...properties,
  },
});

const mentions = {
  type: "object",
  additionalProperties: false,
  properties: { ok: text, warning: text, critical: text },
};

const schema = {
  type: "object",
  required: ["type"],
  oneOf: [
    oneType("email", { emails: texts, userIds: texts }, ["emails", "userIds"]),
    oneType("slack", { url, mentions, enabledGraphImage: { type: "boolean" } }, ["url"]),
    oneType("webhook", { url, enabledGraphImage: { type: "boolean" } }, ["url"]),
  ],
};

interface ById {
  Params: { id: string };
}

type Body = Omit<Channel, "suspendedAt"> & { addToDefaultNotificationGroup?: boolean };

/** Keeps where somebody is told; of https://mackerel.io/api-docs/entry/channels. */
export function channelRoutes(app: FastifyInstance, { channels, groups }: SettingsStores): void {
  const accepted = (body: Body): Channel => {
    const channel = { ...body, suspendedAt: null };
    delete channel.addToDefaultNotificationGroup;
    const { userIds } = body as { userIds?: readonly string[] };
    if (userIds !== undefined && userIds.length > 0) throw notImplemented("channels to users");
    return channel;
  };

  app.get("/api/v0/channels", () => ({ channels: channels.list() }));

  app.post<{ Body: Body }>("/api/v0/channels", { schema: { body: schema } }, (request) => {
    if (request.body.addToDefaultNotificationGroup === undefined)
      throw notImplemented("a new channel without addToDefaultNotificationGroup");
    const channel = channels.create(accepted(request.body));
    const group = groups.list().find(({ name }) => name === defaultGroupName);
    if (group !== undefined && request.body.addToDefaultNotificationGroup) {
      const { id, ...settings } = group;
      groups.replace(id, { ...settings, childChannelIds: [...group.childChannelIds, channel.id] });
    }
    return channel;
  });

  app.put<ById & { Body: Body }>("/api/v0/channels/:id", { schema: { body: schema } }, (request) => {
    const { id, type } = channels.get(request.params.id);
    if (request.body.addToDefaultNotificationGroup !== undefined)
      throw badRequest("addToDefaultNotificationGroup is for new channels.");
    if (request.body.type !== type) throw badRequest(`The type of a channel cannot change from "${type}".`);
    return channels.replace(id, accepted(request.body));
  });

  app.delete<ById>("/api/v0/channels/:id", (request) => {
    const { id } = channels.get(request.params.id);
    const group = groups.list().find(({ childChannelIds }) => childChannelIds.includes(id));
    if (group !== undefined && group.name !== defaultGroupName)
      throw notImplemented("deleting a channel that a notification group has");
    if (group !== undefined) {
      const { id: groupId, ...settings } = group;
      const childChannelIds = group.childChannelIds.filter((child) => child !== id);
      groups.replace(groupId, { ...settings, childChannelIds });
    }
    return channels.delete(id);
  });
}
