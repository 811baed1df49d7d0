import { text } from "../engine/values.ts";
import type { Properties, Value } from "../engine/values.ts";
import type { SettingsKind } from "./settings-resource.ts";

const string = { type: "string" } as const;
const texts = { type: "list", unordered: true } as const;

const namedScopes = (inputs: Properties, ...names: readonly string[]): string[] =>
  names.flatMap((name) => inputs[name] ?? []).map((scope) => text(scope).replace(/\s*:\s*/, ":"));

const oneOf =
  (...values: readonly string[]) =>
  (value: Value) =>
    values.includes(text(value)) ? undefined : `"${text(value)}" is none of ${values.join(", ")}`;

/** https://mackerel.io/api-docs/entry/channels; the kinds that the API can make. */
export const channel: SettingsKind = {
  path: "/api/v0/channels",
  list: "channels",
  isReadById: false,
  inputs: {
    type: {
      ...string,
      required: true,
      replaces: "a channel keeps its type",
      problem: oneOf("email", "slack", "webhook"),
    },
    name: { ...string, required: true },
    events: { ...texts, default: ["alert"] },
    emails: texts,
    userIds: texts,
    // Whoever has it may write there.
    url: { ...string, secret: true },
    mentions: { type: "map" },
    enabledGraphImage: { type: "boolean" },
  },
  defaults: { emails: [], userIds: [], mentions: {}, enabledGraphImage: false },
  // Who is told of what is said by notification groups that are declared.
  forCreation: { addToDefaultNotificationGroup: false },
  check: (inputs) => {
    const isEmail = inputs["type"] === "email";
    const missing = (isEmail ? ["emails", "userIds"] : ["url"]).filter((name) => inputs[name] === undefined);
    return missing.map((property) => ({
      property,
      reason: `is required for a channel of type "${text(inputs["type"])}"`,
    }));
  },
};

/** https://mackerel.io/api-docs/entry/notification-groups */
export const notificationGroup: SettingsKind = {
  path: "/api/v0/notification-groups",
  list: "notificationGroups",
  isReadById: false,
  inputs: {
    name: { ...string, required: true },
    notificationLevel: { ...string, default: "all", problem: oneOf("all", "critical") },
    childNotificationGroupIds: { ...texts, default: [] },
    childChannelIds: { ...texts, default: [] },
    monitors: texts,
    services: texts,
  },
  defaults: { monitors: [], services: [], childNotificationGroupIds: [], childChannelIds: [] },
  neededScopes: ({ services }) =>
    Array.isArray(services)
      ? services.map((one) => text((one as { name?: string } | null | undefined)?.name))
      : [],
};

/** https://mackerel.io/api-docs/entry/downtimes */
export const downtime: SettingsKind = {
  path: "/api/v0/downtimes",
  list: "downtimes",
  isReadById: false,
  inputs: {
    name: { ...string, required: true },
    memo: string,
    start: { type: "number", required: true },
    duration: { type: "number", required: true },
    recurrence: { type: "map" },
    serviceScopes: texts,
    serviceExcludeScopes: texts,
    roleScopes: texts,
    roleExcludeScopes: texts,
    monitorScopes: texts,
    monitorExcludeScopes: texts,
  },
  defaults: {
    ...{ memo: "", serviceScopes: [], serviceExcludeScopes: [], roleScopes: [] },
    ...{ roleExcludeScopes: [], monitorScopes: [], monitorExcludeScopes: [] },
  },
  neededScopes: (inputs) =>
    namedScopes(inputs, "serviceScopes", "serviceExcludeScopes", "roleScopes", "roleExcludeScopes"),
};
