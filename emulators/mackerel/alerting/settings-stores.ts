import type { DatabaseSync } from "node:sqlite";
import { DocumentStore } from "../store/document-store.ts";
import { defaultGroupName } from "./notify.ts";
import type { Channel, Downtime, Monitor, NotificationGroup } from "./settings.ts";

/** What an organization has set up to be told of. */
export interface SettingsStores {
  readonly monitors: DocumentStore<Monitor>;
  readonly channels: DocumentStore<Channel>;
  readonly groups: DocumentStore<NotificationGroup>;
  readonly downtimes: DocumentStore<Downtime>;
}

/** The stores, with the notification group that every organization begins with. */
export function settingsStores(database: DatabaseSync): SettingsStores {
  const groups = new DocumentStore<NotificationGroup>(database, "Notification group");
  if (groups.list().length === 0)
    groups.create({
      name: defaultGroupName,
      notificationLevel: "all",
      childNotificationGroupIds: [],
      childChannelIds: [],
      monitors: [],
      services: [],
    });
  return {
    monitors: new DocumentStore(database, "Monitor"),
    channels: new DocumentStore(database, "Channel"),
    groups,
    downtimes: new DocumentStore(database, "Downtime"),
  };
}
