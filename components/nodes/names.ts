/** What a droplet runs: a server's agent takes jobs too, a client's does nothing else. */
export type Role = "server" | "client";

/** Place in a cluster that stays when its droplet is replaced, for example `server-1`. Numbers begin at 1. */
export type Slot = `${Role}-${number}`;

const slotPattern = "(server|client)-([1-9]\\d*)";
const slotText = new RegExp(`^${slotPattern}$`);
const dropletText = new RegExp(`^(.+)-(${slotPattern})$`);
const nodeText = /^(.+)-([1-9]\d*)$/;

export function slotOf(role: Role, number: number): Slot {
  return `${role}-${number}`;
}

/** The slot's parts; undefined if the text is no slot's name. */
export function parseSlot(text: string): { readonly role: Role; readonly number: number } | undefined {
  const [, role, number] = slotText.exec(text) ?? [];
  return role === undefined ? undefined : { role: role as Role, number: Number(number) };
}

/** All slots of a cluster, in their order: servers first. */
export function clusterSlots(counts: { readonly serverCount: number; readonly clientCount: number }): Slot[] {
  const slots = (role: Role, count: number) =>
    Array.from({ length: Math.max(0, Math.floor(count)) }, (_, index) => slotOf(role, index + 1));
  return [...slots("server", counts.serverCount), ...slots("client", counts.clientCount)];
}

/** Name of the droplets in a slot, one after another. */
export function dropletNameOf(clusterName: string, slot: Slot): string {
  return `${clusterName}-${slot}`;
}

/** What the name of a droplet says. */
export interface ParsedDropletName {
  readonly clusterName: string;
  readonly slot: Slot;
  readonly role: Role;
}

/** Undefined if no cluster gives a droplet this name. */
export function parseDropletName(name: string): ParsedDropletName | undefined {
  const [, clusterName, slot, role] = dropletText.exec(name) ?? [];
  return clusterName === undefined ? undefined : { clusterName, slot: slot as Slot, role: role as Role };
}

/** True for the names of the cluster's droplets: CLUSTER-SLOT. */
export function isDropletOf(clusterName: string, name: string): boolean {
  return parseDropletName(name)?.clusterName === clusterName;
}

/**
 * Name of the Nomad node that boots on a droplet. A replaced droplet has another id, and so a new name.
 * `files/install-nomad.sh` builds the same name at boot.
 */
export function nodeNameOf(droplet: { readonly name: string; readonly id: string }): string {
  return `${droplet.name}-${droplet.id}`;
}

/** What the name of a node says. */
export interface ParsedNodeName extends ParsedDropletName {
  readonly dropletName: string;
  readonly dropletId: string;
}

/** Undefined if no cluster gives a node this name. */
export function parseNodeName(name: string): ParsedNodeName | undefined {
  const [, dropletName = "", dropletId = ""] = nodeText.exec(name) ?? [];
  const parsed = parseDropletName(dropletName);
  return parsed && { ...parsed, dropletName, dropletId };
}

/** True for the name of a node on a droplet of this name, whatever the droplet's id. */
export function isNodeOf(dropletName: string, nodeName: string): boolean {
  return nodeText.exec(nodeName)?.[1] === dropletName;
}

/** Id of the droplet that a node of the cluster runs or ran on; undefined if the name is that of no node of it. */
export function dropletIdOf(nodeName: string, clusterName: string): string | undefined {
  const parsed = parseNodeName(nodeName);
  return parsed?.clusterName === clusterName ? parsed.dropletId : undefined;
}

/** Name of the node of a server that gossip and Raft name `NODE.REGION`. */
export function nodeNameOfServer(serverName: string): string {
  return serverName.replace(/\.[^.]*$/, "");
}
