import { withDefaults } from "../../validation.ts";
import { resolveGhostBackups } from "./backups/defaults.ts";
import type { ResolvedGhostBackups } from "./backups/defaults.ts";
import type { GhostArgs, GhostDatabase, GhostMail, GhostMailgun, GhostOwner, GhostSettings } from "./args.ts";

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

/** Ghost's own title of a blog that nobody has set up. */
export const ghostOwnerDefaults = { blogTitle: "Ghost" };

/** {@link GhostSettings} with every default filled in. */
export type ResolvedGhostSettings = Readonly<
  Required<Omit<GhostSettings, "database" | "mail" | "mailgun">>
> & {
  readonly database?: GhostDatabase & Required<Pick<GhostDatabase, "port">>;
  readonly mail?: Required<GhostMail>;
  readonly mailgun?: Required<GhostMailgun>;
  readonly owner?: Required<GhostOwner>;
  readonly backups?: ResolvedGhostBackups;
};

export function resolveGhostSettings({
  database,
  mail,
  mailgun,
  owner,
  backups,
  ...others
}: GhostSettings & Pick<GhostArgs, "owner" | "backups">): ResolvedGhostSettings {
  return {
    ...withDefaults(others, ghostDefaults),
    ...(database && { database: withDefaults(database, ghostDatabaseDefaults) }),
    ...(mail && { mail: withDefaults(mail, ghostMailDefaults) }),
    ...(mailgun && { mailgun: withDefaults(mailgun, ghostMailgunDefaults) }),
    ...(owner && { owner: withDefaults(owner, ghostOwnerDefaults) }),
    ...(backups && { backups: resolveGhostBackups(backups) }),
  };
}
