/** A resource of DigitalOcean, by what its id is for Pulumi. */
export interface AccountResource {
  /** For example `droplet`. */
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Id of the droplet that a reserved address leads to. */
  readonly droplet?: string;
}

/** The part of a stack's deployment that is looked at. */
export interface Deployment {
  readonly resources?: readonly {
    readonly type: string;
    readonly urn: string;
    readonly id?: string;
    readonly delete?: boolean;
    readonly outputs?: Readonly<Record<string, unknown>>;
  }[];
  readonly pending_operations?: readonly unknown[];
}

const typeOf: Readonly<Record<string, string>> = {
  droplet: "digitalocean:index/droplet:Droplet",
  "reserved address": "digitalocean:index/reservedIp:ReservedIp",
  VPC: "digitalocean:index/vpc:Vpc",
  firewall: "digitalocean:index/firewall:Firewall",
  tag: "digitalocean:index/tag:Tag",
  "SSH key": "digitalocean:index/sshKey:SshKey",
  volume: "digitalocean:index/volume:Volume",
};

/** What the account has and Pulumi does not know. */
export function orphans(account: readonly AccountResource[], deployment: Deployment): AccountResource[] {
  const known = new Set((deployment.resources ?? []).map(({ type, id }) => `${type} ${id}`));
  return account.filter(({ kind, id }) => !known.has(`${typeOf[kind]} ${id}`));
}

/** What Pulumi takes for there and the account does not have, and what Pulumi has not finished. */
export function loose(account: readonly AccountResource[], deployment: Deployment): string[] {
  const there = new Set(account.map(({ kind, id }) => `${typeOf[kind]} ${id}`));
  const looked = new Set(Object.values(typeOf));
  const leadsTo = new Map(
    account.flatMap(({ id, droplet }) => (droplet === undefined ? [] : [[id, droplet]])),
  );
  return [
    ...(deployment.resources ?? [])
      .filter(({ type }) => type === "digitalocean:index/reservedIpAssignment:ReservedIpAssignment")
      .map(({ outputs }) => ({
        address: String(outputs?.["ipAddress"]),
        droplet: String(outputs?.["dropletId"]),
      }))
      .filter(({ address, droplet }) => leadsTo.get(address) !== droplet)
      .map(
        ({ address, droplet }) =>
          `${address} leads to ${leadsTo.get(address) ?? "no droplet"}, not to ${droplet}`,
      ),
    ...(deployment.resources ?? [])
      .filter(({ type, id }) => looked.has(type) && !there.has(`${type} ${id}`))
      .map(({ type, id }) => `${type} ${id} is in the state only`),
    ...(deployment.resources ?? [])
      .filter((resource) => resource.delete === true)
      .map(({ type, id }) => `${type} ${id} is still to be deleted`),
    ...(deployment.pending_operations ?? []).map(() => "the state has a pending operation"),
  ];
}

/** What Nomad says of the cluster. */
export interface ClusterView {
  readonly nodes: readonly {
    readonly Name: string;
    readonly Status: string;
    readonly SchedulingEligibility: string;
  }[];
  readonly servers: readonly { readonly name: string; readonly healthy: boolean }[];
}

/** How the cluster differs from one ready and eligible node and one healthy voter for each of `nodeNames`. */
export function clusterFaults({ nodes, servers }: ClusterView, nodeNames: readonly string[]): string[] {
  const expected = [...nodeNames].sort().join(", ");
  const named = (names: readonly string[]) => [...names].sort().join(", ");
  const nodesThere = named(nodes.map(({ Name }) => Name));
  const peers = named(servers.map(({ name }) => name));
  return [
    ...(nodesThere === expected ? [] : [`Nomad has the nodes ${nodesThere}, not ${expected}`]),
    ...(peers === expected ? [] : [`the Raft peers are ${peers}, not ${expected}`]),
    ...nodes
      .filter(
        ({ Status, SchedulingEligibility }) => Status !== "ready" || SchedulingEligibility !== "eligible",
      )
      .map(({ Name, Status, SchedulingEligibility }) => `${Name} is ${Status} and ${SchedulingEligibility}`),
    ...servers.filter(({ healthy }) => !healthy).map(({ name }) => `${name} is no healthy voter`),
  ];
}
