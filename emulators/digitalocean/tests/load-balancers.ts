import { expect } from "vitest";
import type { edgeTests } from "./edges.ts";
import { eventually } from "./support.ts";

export interface RawLoadBalancer {
  readonly id: string;
  readonly status: string;
  readonly ip: string;
  readonly vpc_uuid: string;
  readonly droplet_ids: readonly number[];
  readonly tag: string;
}

export const httpRule = {
  entry_protocol: "http",
  entry_port: 80,
  target_protocol: "http",
  target_port: 8080,
};
export const balancerFields = { name: "blog", region: "sgp1", forwarding_rules: [httpRule], tag: "web" };

/** What tests ask of load balancers. */
export function loadBalancerTests({ emulator, get, create }: ReturnType<typeof edgeTests>) {
  const running = (id: string) => emulator().hypervisor.loadBalancers.get(id);
  const balancerOf = async (id: string) =>
    (await get<{ load_balancer: RawLoadBalancer }>(`/v2/load_balancers/${id}`)).load_balancer;
  const make = async (more: object = {}) =>
    (await create<{ load_balancer: RawLoadBalancer }>("/v2/load_balancers", { ...balancerFields, ...more }))
      .load_balancer;
  /** Waits until it is active, and returns its path. */
  const settled = (id: string) =>
    eventually(async () => {
      const { status, ip } = await balancerOf(id);
      expect([status, running(id)?.publicAddress]).toEqual(["active", ip]);
      return `/v2/load_balancers/${id}`;
    });
  return {
    running,
    balancerOf,
    make,
    settled,
    targets: (id: string) => running(id)?.targets.map(({ dropletId }) => dropletId),
    active: async (more: object = {}) => {
      const { id } = await make(more);
      return { id, path: await settled(id) };
    },
  };
}
