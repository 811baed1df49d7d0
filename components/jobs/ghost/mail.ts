import type { ResolvedGhostSettings } from "./defaults.ts";
import { ghostText } from "./text.ts";

/** DigitalOcean documentation, "Why is SMTP blocked?". */
const blockedPorts: readonly number[] = [25, 465, 587];

/** The port of the mail server, if no droplet reaches it. */
export function blockedMailPort({ mail }: Pick<ResolvedGhostSettings, "mail">): number | undefined {
  return mail !== undefined && blockedPorts.includes(mail.port) ? mail.port : undefined;
}

/** Variables of Ghost's configuration that say how mail is sent. */
export function mailEnvironment(settings: ResolvedGhostSettings): Record<string, string> {
  const { mail, mailgun } = settings;
  const mailWorks = mail !== undefined && blockedMailPort(settings) === undefined;
  return {
    ...(mail && {
      mail__transport: "SMTP",
      mail__from: ghostText(mail.from),
      mail__options__host: ghostText(mail.host),
      mail__options__port: String(mail.port),
      mail__options__secure: String(mail.secure),
      mail__options__auth__user: ghostText(mail.user),
    }),
    ...(mailgun && {
      bulkEmail__mailgun__baseUrl: ghostText(mailgun.baseUrl),
      bulkEmail__mailgun__domain: ghostText(mailgun.domain),
    }),
    // A code that nobody receives would keep the staff out.
    ...(!mailWorks && { security__staffDeviceVerification: "false" }),
  };
}
