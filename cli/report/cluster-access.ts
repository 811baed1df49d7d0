import { readFile } from "node:fs/promises";
import type { NomadClientOptions } from "../../components/clients/nomad/request.ts";
import { errorMessage } from "../../components/error-message.ts";
import { textProperty } from "./resource-changes.ts";
import type { ResourceChange } from "./resource-changes.ts";

/** Outputs of a stack in clear text. */
export type StackOutputs = Readonly<Record<string, unknown>>;

/** The clusters that can be asked, and what is said of one that cannot. */
export interface KnownClusters {
  readonly clusters: readonly NomadClientOptions[];
  readonly remarks: readonly string[];
}

/**
 * The clusters that can be asked: the one of the stack's outputs `connection`, or `nomadAddress`, `caCertificate` and
 * `managementToken`; and the one of NOMAD_ADDR, NOMAD_CACERT and NOMAD_TOKEN, of
 * which an empty one is taken for unset.
 */
export async function knownClusters(
  outputs: StackOutputs,
  environment: NodeJS.ProcessEnv,
): Promise<KnownClusters> {
  const connection = (outputs["connection"] ?? {}) as StackOutputs;
  const clusters = [
    ...furtherAddresses(connection["addresses"]).flatMap((address) =>
      access(address, connection["caCertificate"], connection["token"]),
    ),
    ...access(connection["address"], connection["caCertificate"], connection["token"]),
    ...access(outputs["nomadAddress"], outputs["caCertificate"], outputs["managementToken"]),
  ];
  const set = (name: string) => environment[name] || undefined;
  const certificateFile = set("NOMAD_CACERT");
  try {
    const caCertificate = certificateFile === undefined ? "" : await readFile(certificateFile, "utf8");
    return {
      clusters: [...clusters, ...access(set("NOMAD_ADDR"), caCertificate, set("NOMAD_TOKEN"))],
      remarks: [],
    };
  } catch (error) {
    return {
      clusters,
      remarks: [
        `NOMAD_CACERT cannot be read, so the cluster of NOMAD_ADDR is not asked: ${errorMessage(error)}`,
      ],
    };
  }
}

/** Of the servers that the provider is given while the first one is away; a connection of older stacks has none. */
function furtherAddresses(addresses: unknown): readonly unknown[] {
  return Array.isArray(addresses) ? addresses : [];
}

function access(address: unknown, caCertificate: unknown, token: unknown): NomadClientOptions[] {
  if (typeof address !== "string" || typeof caCertificate !== "string" || typeof token !== "string")
    return [];
  return [{ address, caCertificate, token }];
}

/** The cluster of the job's provider, or why it cannot be asked. */
export function clusterOf(
  job: ResourceChange,
  changes: readonly ResourceChange[],
  clusters: readonly NomadClientOptions[],
): NomadClientOptions | { readonly reason: string } {
  const provider = changes.find(({ urn }) => urn === job.provider);
  const address = textProperty(provider?.new ?? provider?.old, "address");
  switch (address.state) {
    case "unknown":
      return { reason: "the address of its cluster is known only after the update" };
    case "secret":
      return { reason: "the address of its cluster is a secret" };
    case "missing": {
      // A provider without an address takes it from the environment, as the last of the known clusters does.
      const fromEnvironment = clusters.at(-1);
      return fromEnvironment ?? { reason: "the address of its cluster is not known" };
    }
    case "known":
      return (
        clusters.find((cluster) => new URL(cluster.address).href === new URL(address.value).href) ?? {
          reason: `there is no token for ${address.value}: the stack has no output "connection" of that address, and NOMAD_ADDR and NOMAD_TOKEN do not name it`,
        }
      );
  }
}
