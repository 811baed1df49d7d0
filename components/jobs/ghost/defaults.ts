import { withDefaults } from "../../validation.ts";
import type { GhostDatabase, GhostMail, GhostSettings } from "./args.ts";

/** What is taken for settings that are left out. */
export const ghostDefaults = {
  image: "ghost:6.65.0",
  cpu: 500,
  memory: 512,
  priority: 70,
  jobId: "ghost",
};
export const ghostDatabaseDefaults = { port: 3306 };
export const ghostMailDefaults = { port: 587, secure: false };

/** {@link GhostSettings} with every default filled in. */
export type ResolvedGhostSettings = Readonly<Required<Omit<GhostSettings, "database" | "mail">>> & {
  readonly database?: GhostDatabase & Required<Pick<GhostDatabase, "port">>;
  readonly mail?: Required<GhostMail>;
};

export function resolveGhostSettings({ database, mail, ...others }: GhostSettings): ResolvedGhostSettings {
  return {
    ...withDefaults(others, ghostDefaults),
    ...(database && { database: withDefaults(database, ghostDatabaseDefaults) }),
    ...(mail && { mail: withDefaults(mail, ghostMailDefaults) }),
  };
}
