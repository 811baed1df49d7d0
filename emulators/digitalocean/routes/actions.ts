import type { FastifyInstance } from "fastify";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";
import { notFound } from "../requests/errors.ts";
import { paginate } from "../rules/pagination.ts";
import { actionView } from "../views/views.ts";

export function actionRoutes(server: FastifyInstance, emulator: Emulator): void {
  server.get("/v2/actions", (request) => {
    const { items, links, meta } = paginate(emulator.store.actions.list().reverse(), requestUrl(request));
    return { actions: items.map(actionView), links, meta };
  });

  server.get<{ Params: { id: string } }>("/v2/actions/:id", (request) => {
    const action = emulator.store.actions.get(Number(request.params.id));
    if (action === undefined) throw notFound();
    return { action: actionView(action) };
  });
}
