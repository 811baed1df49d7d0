import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl } from "../../emulator.ts";
import { notFound, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { parseDropletAction, parseDropletActionType } from "../../resources/droplet-action-request.ts";
import { paginate } from "../../rules/pagination.ts";
import type { Action } from "../../store/entities.ts";
import { actionView } from "../../views/views.ts";
import { requireDroplet } from "./droplets.ts";

/** What can be asked of all droplets with a tag. */
const byTag = [
  ...["power_cycle", "power_on", "power_off", "shutdown"],
  ...["enable_ipv6", "enable_backups", "disable_backups", "snapshot"],
];

export function dropletActionRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store, runner } = emulator;
  const actionsOf = (dropletId: number): Action[] =>
    store.actions
      .where("resource", String(dropletId))
      .filter((action) => action.resourceType === "droplet")
      .reverse();

  server.post<{ Params: { id: string } }>("/v2/droplets/:id/actions", (request, reply) => {
    const action = store.transaction(() => {
      const droplet = requireDroplet(emulator, request.params.id);
      return runner.begin(parseDropletAction(emulator, new Fields(request.body), droplet));
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

  server.post("/v2/droplets/actions", (request, reply) => {
    const tag = requestUrl(request).searchParams.get("tag_name") ?? "";
    if (tag === "") throw unprocessable("tag_name is required");
    const actions = store.transaction(() => {
      const body = new Fields(request.body);
      const type = parseDropletActionType(body);
      if (!byTag.includes(type)) throw unprocessable(`type [${type}] cannot be asked of Droplets by tag`);
      const tagged = store.droplets.list().filter(({ tags }) => tags.includes(tag));
      return tagged.map((droplet) => runner.begin(parseDropletAction(emulator, body, droplet)));
    });
    return reply.code(201).send({ actions: actions.map(actionView) });
  });
}
