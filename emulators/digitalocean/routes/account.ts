import type { FastifyInstance } from "fastify";
import type { Emulator } from "../emulator.ts";

export function accountRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { limits } = emulator.options;

  server.get("/v2/account", () => ({
    account: {
      droplet_limit: limits.droplets,
      floating_ip_limit: limits.reservedIps,
      reserved_ip_limit: limits.reservedIps,
      volume_limit: limits.volumes,
      email: "emulator@example.invalid",
      name: "Emulator",
      uuid: emulator.projectId,
      email_verified: true,
      status: "active",
      status_message: "",
      team: { uuid: emulator.projectId, name: "Emulator" },
    },
  }));
}
