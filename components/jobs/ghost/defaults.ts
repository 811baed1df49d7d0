import { withDefaults } from "../../validation.ts";
import type { GhostDatabase, GhostMail, GhostMailgun, GhostSettings } from "./args.ts";

/** What is taken for settings that are left out. */
export const ghostDefaults = {
  image: "ghost:6.65.0",
  cpu: 500,
  memory: 512,
  priority: 70,
  jobId: "ghost",
  environment: {} as Record<string, string>,
};
export const ghostDatabaseDefaults = { port: 3306 };
export const ghostMailDefaults = { port: 2525, secure: false };

export const ghostMailgunDefaults = { baseUrl: "https://api.mailgun.net/v3" };

/** {@link GhostSettings} with every default filled in. */
export type ResolvedGhostSettings = Readonly<
  Required<Omit<GhostSettings, "database" | "mail" | "mailgun">>
> & {
  readonly database?: GhostDatabase & Required<Pick<GhostDatabase, "port">>;
  readonly mail?: Required<GhostMail>;
  readonly mailgun?: Required<GhostMailgun>;
};

export function resolveGhostSettings({
  database,
  mail,
  mailgun,
  ...others
}: GhostSettings): ResolvedGhostSettings {
  return {
    ...withDefaults(others, ghostDefaults),
    ...(database && { database: withDefaults(database, ghostDatabaseDefaults) }),
    ...(mail && { mail: withDefaults(mail, ghostMailDefaults) }),
    ...(mailgun && { mailgun: withDefaults(mailgun, ghostMailgunDefaults) }),
  };
}
