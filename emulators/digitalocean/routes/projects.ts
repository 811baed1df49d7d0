import type { FastifyInstance } from "fastify";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";
import { paginate } from "../rules/pagination.ts";

/** The default project, which every account has and nothing can be moved out of here. */
export function projectRoutes(server: FastifyInstance, emulator: Emulator): void {
  const project = {
    id: emulator.projectId,
    owner_uuid: emulator.projectId,
    owner_id: 1,
    name: "emulator",
    description: "",
    purpose: "Operational / Developer tooling",
    environment: "Development",
    is_default: true,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
  };

  server.get("/v2/projects/default", () => ({ project }));

  server.get("/v2/projects", (request) => {
    const { items, links, meta } = paginate([project], requestUrl(request));
    return { projects: items, links, meta };
  });
}
