import type { FastifyInstance } from "fastify";
import type { Emulator } from "../emulator.ts";
import { accountRoutes } from "./account.ts";
import { actionRoutes } from "./actions.ts";
import { catalogRoutes } from "./catalog.ts";
import { dropletActionRoutes } from "./droplet-actions.ts";
import { dropletRoutes } from "./droplets.ts";
import { firewallRoutes } from "./firewalls.ts";
import { projectRoutes } from "./projects.ts";
import { reservedIpRoutes } from "./reserved-ips.ts";
import { sshKeyRoutes } from "./ssh-keys.ts";
import { tagRoutes } from "./tags.ts";
import { volumeActionRoutes } from "./volume-actions.ts";
import { volumeRoutes } from "./volumes.ts";
import { vpcRoutes } from "./vpcs.ts";

/** All that is answered of DigitalOcean's API. */
export function apiRoutes(server: FastifyInstance, emulator: Emulator): void {
  accountRoutes(server, emulator);
  actionRoutes(server, emulator);
  catalogRoutes(server, emulator);
  dropletRoutes(server, emulator);
  dropletActionRoutes(server, emulator);
  firewallRoutes(server, emulator);
  projectRoutes(server, emulator);
  reservedIpRoutes(server, emulator);
  sshKeyRoutes(server, emulator);
  tagRoutes(server, emulator);
  volumeRoutes(server, emulator);
  volumeActionRoutes(server, emulator);
  vpcRoutes(server, emulator);
}
