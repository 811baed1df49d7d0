import type { HypervisorLoadBalancer } from "../../hypervisor/load-balancer.ts";
import type { CertificateMaterial } from "../../store/dns.ts";
import type { Droplet, Vpc } from "../../store/entities.ts";
import type { LoadBalancer } from "../../store/load-balancer.ts";

export type TargetDroplet = Pick<Droplet, "id" | "tags" | "vpcId" | "privateAddress">;

/** The droplets behind a load balancer: those named, or all in its VPC with its tag. */
export function targetsOf<Target extends TargetDroplet>(
  { tag, dropletIds, vpcId }: Pick<LoadBalancer, "tag" | "dropletIds" | "vpcId">,
  droplets: readonly Target[],
): Target[] {
  const named = ({ id, tags }: Target) =>
    tag === ""
      ? dropletIds.includes(id)
      : tags.some((candidate) => candidate.toLowerCase() === tag.toLowerCase());
  return droplets.filter((droplet) => droplet.vpcId === vpcId && named(droplet));
}

/** What the hypervisor is to run for a load balancer, with tags, ids and certificates resolved. */
export function configurationOf(
  balancer: LoadBalancer,
  vpc: Pick<Vpc, "id" | "ipRange">,
  droplets: readonly TargetDroplet[],
  materialOf: (certificateId: string) => CertificateMaterial | undefined,
): HypervisorLoadBalancer {
  return {
    id: balancer.id,
    name: balancer.name,
    publicAddress: balancer.publicAddress,
    vpc: { id: vpc.id, ipRange: vpc.ipRange, address: balancer.privateAddress },
    targets: targetsOf(balancer, droplets).map(({ id, privateAddress }) => ({
      dropletId: id,
      address: privateAddress,
    })),
    algorithm: balancer.algorithm,
    forwardingRules: balancer.forwardingRules.map(({ certificateId, ...rule }) => {
      const certificate = materialOf(certificateId);
      return { ...rule, ...(certificate === undefined ? {} : { certificate }) };
    }),
    healthCheck: balancer.healthCheck,
    stickySessions: balancer.stickySessions,
    firewall: balancer.firewall,
    redirectHttpToHttps: balancer.redirectHttpToHttps,
    proxyProtocol: balancer.enableProxyProtocol,
    backendKeepalive: balancer.enableBackendKeepalive,
    httpIdleTimeoutSeconds: balancer.httpIdleTimeoutSeconds,
    tlsCipherPolicy: balancer.tlsCipherPolicy,
  };
}
