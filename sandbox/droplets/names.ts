import { createHash } from "node:crypto";

/**
 * Names of what a sandbox makes on its host. All carry the sandbox's id, so two clones never share one; the kernel
 * allows an interface 15 characters.
 */
export const sandboxLabel = "nomad-digitalocean.sandbox";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

export const publicBridge = (sandboxId: string) => `do-${sandboxId}`;

/** What the names of all VPC bridges of the sandbox begin with. */
export const vpcBridgePrefix = (sandboxId: string) => `v${sandboxId}`;

export const vpcBridge = (sandboxId: string, vpcId: string) =>
  `${vpcBridgePrefix(sandboxId)}${digest(vpcId).slice(0, 6)}`;

/** Host end of a droplet's or load balancer's eth0 ("p") or eth1 ("q"). */
export const port = (kind: "p" | "q", sandboxId: string, id: number | string) =>
  `${kind}${sandboxId}${digest(String(id)).slice(0, 6)}`;

/** What the names of the network namespaces of all load balancers of the sandbox begin with. */
export const balancerNamespacePrefix = (sandboxId: string) => `load-balancer-${sandboxId}-`;

export const balancerNamespace = (sandboxId: string, balancerId: string) =>
  `${balancerNamespacePrefix(sandboxId)}${balancerId}`;

export const balancerMacAddress = (sandboxId: string, balancerId: string, device: "eth0" | "eth1") =>
  localMacAddress(`${sandboxId}/${balancerId}/${device}`);

export const containerName = (sandboxId: string, dropletId: number) => `droplet-${sandboxId}-${dropletId}`;

export const hostTable = (sandboxId: string) => `sandbox_${sandboxId}`;

export const portTable = (sandboxId: string, dropletId: number) => `sandbox_${sandboxId}_${dropletId}`;

/** MAC address of the host on the public network, see {@link macAddress}. */
export const gatewayMacAddress = (sandboxId: string): string => localMacAddress(`${sandboxId}/gateway`);

/** A locally administered MAC address that stays the same over reboots, so no neighbour's ARP entry goes stale. */
export function macAddress(sandboxId: string, dropletId: number, device: "eth0" | "eth1"): string {
  return localMacAddress(`${sandboxId}/${dropletId}/${device}`);
}

function localMacAddress(seed: string): string {
  const hex = digest(seed).slice(0, 10);
  return ["02", ...(hex.match(/../g) ?? [])].join(":");
}
