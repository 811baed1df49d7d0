import { failover } from "../../../components/rollout/failover.ts";
import { NomadClient } from "../../../components/clients/nomad/client.ts";
import type { WithFailover } from "../../../components/rollout/failover.ts";
import { parseNodeName } from "../../../components/nodes/names.ts";
import { readServers } from "../../../components/rollout/observe/read-cluster.ts";
import type { Bench } from "./bench.ts";
import type { AccountResource, Deployment } from "./convergence.ts";
import type { SlotTargets } from "./roll-calls.ts";

interface NodeInfo {
  readonly name: string;
  readonly slot: string;
  readonly reservedIp: string;
}

/** What Pulumi says of the stack, and a way to its cluster. */
export interface StackView {
  readonly deployment: Deployment;
  readonly nodes: readonly NodeInfo[];
  readonly withFailover: WithFailover;
}

export async function stackView(bench: Bench): Promise<StackView> {
  const deployment = (await bench.deployment()) as Deployment;
  const outputs = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  const secret = (value: unknown) =>
    JSON.parse((value as { plaintext?: string } | undefined)?.plaintext ?? '""') as string;
  const nodes = (outputs["nodes"] ?? []) as NodeInfo[];
  const access = {
    caCertificate: String(outputs["caCertificate"]),
    token: secret(outputs["managementToken"]),
  };
  const agents = nodes.map(
    ({ reservedIp }) => new NomadClient({ ...access, address: `https://${reservedIp}:4646`, timeout: 5_000 }),
  );
  return { deployment, nodes, withFailover: failover(agents) };
}

/** A slot, and the certificate whose change rolls it. */
export async function slotToRoll(view: StackView, leader: boolean) {
  const servers = await readServers(view.withFailover);
  const { name, slot, reservedIp } = view.nodes.find(({ name }) =>
    servers.some((server) => server.name === name && server.leads === leader),
  )!;
  const { urn } = view.deployment.resources!.find(
    ({ type, urn }) =>
      type === "tls:index/locallySignedCert:LocallySignedCert" &&
      urn.endsWith(`::nomad-certificates-${slot}`),
  )!;
  const targets: SlotTargets = { address: reservedIp, droplet: parseNodeName(name)!.dropletId };
  return { targets, certificate: { urn, pem: certificateOf(view, urn) } };
}

/** PEM of the certificate with this URN. */
export function certificateOf({ deployment }: StackView, urn: string): unknown {
  const current = deployment.resources?.find((resource) => resource.urn === urn && resource.delete !== true);
  return current?.outputs?.["certPem"];
}

/** What the account has of what the program makes. */
export async function accountResources(bench: Bench): Promise<AccountResource[]> {
  const list = async (path: string, kind: string, idOf = "id", nameOf = "name", collection = path) => {
    const answer = await bench.call<Record<string, Record<string, unknown>[]>>(
      "GET",
      `/v2/${path}?per_page=200`,
    );
    return (answer[collection] ?? [])
      .filter((item) => item["default"] !== true)
      .map((item): AccountResource => {
        const droplet = (item["droplet"] as { id?: number } | null | undefined)?.id;
        return {
          kind,
          id: String(item[idOf]),
          name: String(item[nameOf]),
          ...(droplet !== undefined && { droplet: String(droplet) }),
        };
      });
  };
  const lists = await Promise.all([
    list("droplets", "droplet"),
    list("reserved_ips", "reserved address", "ip", "ip"),
    list("vpcs", "VPC"),
    list("firewalls", "firewall"),
    list("tags", "tag", "name"),
    list("volumes", "volume"),
    list("account/keys", "SSH key", "id", "name", "ssh_keys"),
  ]);
  return lists.flat();
}
