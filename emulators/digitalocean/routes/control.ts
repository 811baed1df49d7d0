import type { FastifyInstance } from "fastify";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";

/** Not part of DigitalOcean's API: how tests steer the emulator. Faults never strike here. */
export function controlRoutes(server: FastifyInstance, emulator: Emulator, reset: () => Promise<void>): void {
  server.get("/_emulator/faults", () => ({ faults: emulator.faults.list() }));

  server.post("/_emulator/faults", (request, reply) =>
    reply.code(201).send({ fault: emulator.faults.add(request.body) }),
  );

  server.delete("/_emulator/faults", (_request, reply) => {
    emulator.faults.clear();
    return reply.code(204).send();
  });

  server.get("/_emulator/edges", () => ({ edges: emulator.edges.now }));

  server.post("/_emulator/edges", (request) => {
    const droplets = emulator.store.droplets.list().map(({ name }) => name);
    return { edges: emulator.edges.change(request.body, droplets) };
  });

  server.get("/_emulator/requests", (request) => {
    const { searchParams } = requestUrl(request);
    const method = searchParams.get("method");
    const path = searchParams.get("path");
    const requests = emulator.log
      .requests()
      .filter((event) => method === null || event.method === method)
      .filter((event) => path === null || event.path.split("?")[0] === path);
    return { requests };
  });

  server.post("/_emulator/reset", async (_request, reply) => {
    await reset();
    return reply.code(204).send();
  });
}
