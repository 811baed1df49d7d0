import type { FastifyInstance } from "fastify";
import { notFound } from "../api-error.ts";
import type { HostStore } from "../store/host-store.ts";

interface ByNamespace {
  Params: { id: string; namespace: string };
}

const schema = {
  params: { type: "object", properties: { namespace: { type: "string", pattern: "^[a-zA-Z0-9_-]+$" } } },
};

/** Keeps and shows what agents say of their hosts beside the description: any JSON value, one a namespace. */
export function metadataRoutes(app: FastifyInstance, hosts: HostStore): void {
  app.put<ByNamespace & { Body: unknown }>("/api/v0/hosts/:id/metadata/:namespace", { schema }, (request) => {
    hosts.putMetadata(request.params.id, request.params.namespace, request.body);
    return { success: true };
  });

  app.get<ByNamespace>("/api/v0/hosts/:id/metadata/:namespace", { schema }, (request, reply) => {
    const metadata = hosts.metadata(request.params.id, request.params.namespace);
    if (metadata === undefined) throw notFound("Metadata");
    void reply.header("last-modified", new Date(metadata.updatedAt * 1000).toUTCString());
    return reply.type("application/json").send(JSON.stringify(metadata.value));
  });

  app.get<{ Params: { id: string } }>("/api/v0/hosts/:id/metadata", (request) => ({
    metadata: hosts.metadataNamespaces(request.params.id).map((namespace) => ({ namespace })),
  }));
}
