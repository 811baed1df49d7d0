import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl } from "../../emulator.ts";
import { backupPolicyView, supportedPolicies } from "../../resources/backup-policy.ts";
import { paginate } from "../../rules/pagination.ts";
import { ownSnapshotView } from "../../views/snapshots.ts";
import { requireDroplet } from "./droplets.ts";

interface ById {
  Params: { id: string };
}

/** What belongs to a droplet. No backup is ever made, every kernel is the image's own, and no two share a machine. */
export function dropletRelatedRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store, options } = emulator;

  server.get<ById>("/v2/droplets/:id/snapshots", (request) => {
    const { id } = requireDroplet(emulator, request.params.id);
    const own = store.snapshots.where("resourceId", String(id));
    const { items, links, meta } = paginate(own, requestUrl(request));
    return { snapshots: items.map(ownSnapshotView), links, meta };
  });

  for (const list of ["backups", "kernels"] as const) {
    server.get<ById>(`/v2/droplets/:id/${list}`, (request) => {
      requireDroplet(emulator, request.params.id);
      const { items, links, meta } = paginate([], requestUrl(request));
      return { [list]: items, links, meta };
    });
  }

  server.get<ById>("/v2/droplets/:id/neighbors", (request) => {
    requireDroplet(emulator, request.params.id);
    return { droplets: [] };
  });

  server.get("/v2/reports/droplet_neighbors_ids", () => ({ neighbor_ids: [] }));

  server.get<ById>("/v2/droplets/:id/backups/policy", (request) => ({
    policy: backupPolicyView(requireDroplet(emulator, request.params.id), options.now()),
  }));

  server.get("/v2/droplets/backups/policies", (request) => {
    const { items, links, meta } = paginate(store.droplets.list(), requestUrl(request));
    const policies = items.map((droplet) => [String(droplet.id), backupPolicyView(droplet, options.now())]);
    return { policies: Object.fromEntries(policies) as object, links, meta };
  });

  server.get("/v2/droplets/backups/supported_policies", () => ({ supported_policies: supportedPolicies }));
}
