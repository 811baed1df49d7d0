import type { FastifyInstance } from "fastify";
import type { Emulator } from "../emulator.ts";
import { accountRoutes } from "./account.ts";
import { actionRoutes } from "./actions.ts";
import { catalogRoutes } from "./catalog.ts";
import { certificateRoutes } from "./dns/certificates.ts";
import { domainRoutes } from "./dns/domains.ts";
import { recordRoutes } from "./dns/records.ts";
import { dropletActionRoutes } from "./droplets/actions.ts";
import { dropletDestroyRoutes } from "./droplets/destroy.ts";
import { dropletRoutes } from "./droplets/droplets.ts";
import { dropletRelatedRoutes } from "./droplets/related.ts";
import { firewallRoutes } from "./firewalls.ts";
import { imageRoutes } from "./images/images.ts";
import { snapshotRoutes } from "./images/snapshots.ts";
import { loadBalancerRoutes } from "./load-balancers/load-balancers.ts";
import { loadBalancerMemberRoutes } from "./load-balancers/members.ts";
import { projectRoutes } from "./projects/projects.ts";
import { projectResourceRoutes } from "./projects/resources.ts";
import { reservedIpRoutes } from "./reserved-ips.ts";
import { sshKeyRoutes } from "./ssh-keys.ts";
import { tagRoutes } from "./tags.ts";
import { volumeActionRoutes } from "./volumes/actions.ts";
import { volumeSnapshotRoutes } from "./volumes/snapshots.ts";
import { volumeRoutes } from "./volumes/volumes.ts";
import { vpcRoutes } from "./vpcs.ts";

/** All that is answered of DigitalOcean's API. */
export function apiRoutes(server: FastifyInstance, emulator: Emulator): void {
  catalogRoutes(server);
  for (const routes of [
    ...[accountRoutes, actionRoutes, dropletRoutes, dropletActionRoutes, dropletRelatedRoutes],
    ...[dropletDestroyRoutes],
    ...[firewallRoutes, imageRoutes, snapshotRoutes, projectRoutes, projectResourceRoutes],
    ...[reservedIpRoutes, sshKeyRoutes, tagRoutes, volumeRoutes, volumeActionRoutes],
    ...[volumeSnapshotRoutes, vpcRoutes, domainRoutes, recordRoutes, certificateRoutes],
    ...[loadBalancerRoutes, loadBalancerMemberRoutes],
  ]) {
    routes(server, emulator);
  }
}
