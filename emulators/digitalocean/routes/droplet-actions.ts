import type { FastifyInstance } from "fastify";
import type { Emulator } from "../emulator.ts";
import { requestUrl, requireIdleDroplet } from "../emulator.ts";
import { findSize } from "../catalog.ts";
import { diskOf } from "../resources/droplet-disk.ts";
import { notEmulated, notFound, unprocessable } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import { dropletNameFault } from "../rules/droplet-name.ts";
import { paginate } from "../rules/pagination.ts";
import type { Action, Droplet } from "../store/entities.ts";
import { actionView } from "../views.ts";
import { requireDroplet } from "./droplets.ts";

const emulated = ["power_on", "power_off", "shutdown", "reboot", "power_cycle", "rename", "resize"] as const;
const notYet = [
  ...["enable_backups", "disable_backups", "change_backup_policy", "restore", "password_reset"],
  ...["rebuild", "change_kernel", "enable_ipv6", "snapshot", "enable_private_networking"],
];

/** What the droplet's status forbids, as the API says it. */
function statusFault(type: (typeof emulated)[number], status: Droplet["status"]): string | undefined {
  if (type === "power_on" && status === "active") return "Droplet is already powered on.";
  if (type === "power_off" && status === "off") return "Droplet is already powered off.";
  if ((type === "reboot" || type === "power_cycle") && status === "off") return "Droplet is powered off.";
  if (type === "resize" && status === "active")
    return "Droplet is currently on. Please power it off to run this event.";
  return undefined;
}

/** What a `resize` asks for, checked as DigitalOcean does: the disk never shrinks, whether it is resized or not. */
function parseResize(body: Fields, droplet: Droplet): Pick<Action, "newSize" | "withDisk"> {
  const slug = body.string("size");
  const size = findSize(slug);
  if (size === undefined) throw unprocessable(`size [${slug}] is not a size`);
  if (!size.regions.includes(droplet.region)) throw unprocessable("Size is not available in this region.");
  if (size.slug === droplet.size) throw unprocessable("The droplet is already set to this size.");
  if (size.disk < diskOf(droplet)) throw unprocessable("Size can not decrease size of Droplet's disk image");
  return { newSize: size.slug, withDisk: body.boolean("disk") === true };
}

export function dropletActionRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const actionsOf = (dropletId: number): Action[] =>
    store.actions
      .where("resource", String(dropletId))
      .filter((action) => action.resourceType === "droplet")
      .reverse();

  server.post<{ Params: { id: string } }>("/v2/droplets/:id/actions", (request, reply) => {
    const action = store.transaction(() => {
      const droplet = requireDroplet(emulator, request.params.id);
      const body = new Fields(request.body);
      const wanted = body.string("type");
      const type = emulated.find((candidate) => candidate === wanted);
      if (type === undefined) {
        throw notYet.includes(wanted)
          ? notEmulated(`the Droplet action ${wanted}`)
          : unprocessable(`type [${wanted}] is not a Droplet action`);
      }
      requireIdleDroplet(emulator, droplet.id);
      if (droplet.status === "new") throw unprocessable("Droplet is not created yet.");
      const fault = statusFault(type, droplet.status);
      if (fault !== undefined) throw unprocessable(fault);
      const newName = type === "rename" ? body.string("name") : undefined;
      const nameFault = newName === undefined ? undefined : dropletNameFault(newName);
      if (nameFault !== undefined) throw unprocessable(nameFault);
      return emulator.runner.begin({
        type,
        resourceType: "droplet",
        resource: String(droplet.id),
        dropletId: droplet.id,
        ...(newName === undefined ? {} : { newName }),
        ...(type === "resize" ? parseResize(body, droplet) : {}),
        region: droplet.region,
      });
    });
    return reply.code(201).send({ action: actionView(action) });
  });

  server.get<{ Params: { id: string } }>("/v2/droplets/:id/actions", (request) => {
    const droplet = requireDroplet(emulator, request.params.id);
    const { items, links, meta } = paginate(actionsOf(droplet.id), requestUrl(request));
    return { actions: items.map(actionView), links, meta };
  });

  server.get<{ Params: { id: string; actionId: string } }>(
    "/v2/droplets/:id/actions/:actionId",
    (request) => {
      const droplet = requireDroplet(emulator, request.params.id);
      const action = actionsOf(droplet.id).find(
        (candidate) => String(candidate.id) === request.params.actionId,
      );
      if (action === undefined) throw notFound();
      return { action: actionView(action) };
    },
  );

  server.post("/v2/droplets/actions", () => {
    throw notEmulated("Droplet actions by tag");
  });
}
