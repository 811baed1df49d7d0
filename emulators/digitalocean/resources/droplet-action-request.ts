import { findSize } from "../catalog.ts";
import type { NewAction } from "../actions/effect.ts";
import type { Emulator } from "../emulator.ts";
import { requireFeature, requireIdleDroplet } from "../emulator.ts";
import { notEmulated, unprocessable } from "../requests/errors.ts";
import type { Fields } from "../requests/fields.ts";
import { dropletNameFault } from "../rules/droplet-name.ts";
import type { Action, Droplet } from "../store/entities.ts";
import { parseBackupPolicy } from "./backup-policy.ts";
import { diskOf } from "./droplet-disk.ts";

const emulated = [
  ...([
    "power_on",
    "power_off",
    "shutdown",
    "reboot",
    "power_cycle",
    "rename",
    "resize",
    "snapshot",
  ] as const),
  ...(["enable_backups", "disable_backups", "change_backup_policy", "enable_ipv6"] as const),
] as const;
const notYet = ["restore", "password_reset", "rebuild", "change_kernel", "enable_private_networking"];
type Emulated = (typeof emulated)[number];

/** What the droplet's state forbids, as the API says it. */
function stateFault(type: Emulated, { status, ipv6Address, backupPolicy }: Droplet): string | undefined {
  if (type === "power_on" && status === "active") return "Droplet is already powered on.";
  if (type === "power_off" && status === "off") return "Droplet is already powered off.";
  if ((type === "reboot" || type === "power_cycle") && status === "off") return "Droplet is powered off.";
  if (type === "resize" && status === "active")
    return "Droplet is currently on. Please power it off to run this event.";
  if (type === "enable_ipv6" && ipv6Address !== undefined) return "IPv6 is already enabled on this Droplet.";
  if (type === "disable_backups" && backupPolicy === undefined)
    return "Backups have already been disabled on this Droplet.";
  if (type === "change_backup_policy" && backupPolicy === undefined)
    return "Backups are not enabled on this Droplet.";
  return undefined;
}

/** A `resize`, checked as DigitalOcean does: the disk never shrinks, whether it is resized or not. */
function parseResize(body: Fields, droplet: Droplet): Pick<Action, "newSize" | "withDisk"> {
  const slug = body.string("size");
  const size = findSize(slug);
  if (size === undefined) throw unprocessable(`size [${slug}] is not a size`);
  if (!size.regions.includes(droplet.region)) throw unprocessable("Size is not available in this region.");
  if (size.slug === droplet.size) throw unprocessable("The droplet is already set to this size.");
  if (size.disk < diskOf(droplet)) throw unprocessable("Size can not decrease size of Droplet's disk image");
  return { newSize: size.slug, withDisk: body.boolean("disk") === true };
}

function parseRename(body: Fields): Pick<Action, "newName"> {
  const newName = body.string("name");
  const fault = dropletNameFault(newName);
  if (fault !== undefined) throw unprocessable(fault);
  return { newName };
}

function parseParameters(
  emulator: Emulator,
  type: Emulated,
  body: Fields,
  droplet: Droplet,
): Partial<Action> {
  switch (type) {
    case "rename":
      return parseRename(body);
    case "resize":
      return parseResize(body, droplet);
    case "snapshot":
      requireFeature(emulator, "snapshots", "the snapshot of a Droplet");
      // DigitalOcean makes up a name too; which is not known.
      return {
        newName: body.optionalString("name") ?? `${droplet.name}-${emulator.options.now().getTime()}`,
      };
    case "enable_backups":
    case "change_backup_policy":
      requireFeature(emulator, "backups", "backups");
      return { backupPolicy: parseBackupPolicy(body) };
    case "enable_ipv6":
      requireFeature(emulator, "ipv6", "IPv6");
      return {};
    case "power_on":
    case "power_off":
    case "shutdown":
    case "reboot":
    case "power_cycle":
    case "disable_backups":
      return {};
  }
}

/** The type of a droplet's action. Throws 501 for one that is not emulated and 422 for one that there is not. */
export function parseDropletActionType(body: Fields): Emulated {
  const wanted = body.string("type");
  const type = emulated.find((candidate) => candidate === wanted);
  if (type !== undefined) return type;
  throw notYet.includes(wanted)
    ? notEmulated(`the Droplet action ${wanted}`)
    : unprocessable(`type [${wanted}] is not a Droplet action`);
}

/** The action that a body asks of a droplet. Throws 422 for what DigitalOcean would refuse. */
export function parseDropletAction(emulator: Emulator, body: Fields, droplet: Droplet): NewAction {
  const type = parseDropletActionType(body);
  requireIdleDroplet(emulator, droplet.id);
  if (droplet.status === "new") throw unprocessable("Droplet is not created yet.");
  const fault = stateFault(type, droplet);
  if (fault !== undefined) throw unprocessable(fault);
  return {
    type,
    resourceType: "droplet",
    resource: String(droplet.id),
    dropletId: droplet.id,
    region: droplet.region,
    ...parseParameters(emulator, type, body, droplet),
  };
}
