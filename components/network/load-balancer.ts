import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";

/** Which requests the nodes get from a load balancer. */
export interface ClusterLoadBalancerArgs {
  /** TCP port of every node to which it sends what it gets at its port 80 by HTTP. Nobody else reaches it. */
  port: number;
  /** Path at that port that a node answers with 200 while it takes requests, for example `/health`. */
  healthPath: string;
  /**
   * Name of a certificate in the account. With it the load balancer answers https at its port 443 and redirects from http (307).
   * A change takes effect in place.
   * @default - http only
   */
  certificateName?: string;
  /**
   * Host name that readers ask for by https: a certificate that is for others only is refused.
   * @default - any certificate will do
   */
  hostName?: string;
}

/** Where a load balancer is. */
export interface LoadBalancerPlace {
  readonly name: string;
  /** Region slug. */
  readonly region: string;
  /** Id of the VPC whose droplets it asks at their private addresses. */
  readonly vpcId: pulumi.Input<string>;
  /** A droplet that has this tag gets requests, with no further change, as soon as it is healthy. */
  readonly nodeTag: pulumi.Input<string>;
  /** Certificate that is made for it, in place of one that is in the account. */
  readonly issued: digitalocean.Certificate | undefined;
}

/** How often a load balancer asks a target for its health, and how many answers in a row count. */
export interface HealthCheckTimes {
  readonly checkIntervalSeconds: number;
  readonly responseTimeoutSeconds: number;
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
}

/** The least that the API takes. */
export const healthCheckTimes: HealthCheckTimes = {
  checkIntervalSeconds: 3,
  responseTimeoutSeconds: 3,
  unhealthyThreshold: 2,
  healthyThreshold: 2,
};

/**
 * Seconds after which the load balancer has noticed at the latest that a target is healthy or is not any more. A new target
 * is down until then (DigitalOcean, "How to manage load balancers").
 */
export function noticeSeconds(times: HealthCheckTimes): number {
  const answers = Math.max(times.unhealthyThreshold, times.healthyThreshold);
  return answers * (times.checkIntervalSeconds + times.responseTimeoutSeconds);
}

/**
 * A load balancer before every node with the tag, of the smallest size. A changed port or path changes it in place; another
 * region or VPC replaces it, and its address.
 */
export function createLoadBalancer(
  name: string,
  { port, healthPath, ...args }: ClusterLoadBalancerArgs,
  { issued, ...place }: LoadBalancerPlace,
  opts: pulumi.CustomResourceOptions,
): digitalocean.LoadBalancer {
  const target = { targetProtocol: "http", targetPort: port };
  const certificateName = issued?.name ?? args.certificateName;
  return new digitalocean.LoadBalancer(
    name,
    {
      name: place.name,
      region: place.region,
      vpcUuid: place.vpcId,
      dropletTag: place.nodeTag,
      sizeUnit: 1,
      forwardingRules: [
        { entryProtocol: "http", entryPort: 80, ...target },
        ...(certificateName === undefined
          ? []
          : [{ entryProtocol: "https", entryPort: 443, ...target, certificateName }]),
      ],
      ...(certificateName !== undefined && { redirectHttpToHttps: true }),
      // The program declares the records, so that one that is in the way is found before.
      ...(issued && { disableLetsEncryptDnsRecords: true }),
      healthcheck: { protocol: "http", port, path: healthPath, ...healthCheckTimes },
    },
    opts,
  );
}
