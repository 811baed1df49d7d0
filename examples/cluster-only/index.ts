import * as pulumi from "@pulumi/pulumi";
import { NomadCluster } from "nomad-digitalocean";
import type { NomadClusterArgs } from "nomad-digitalocean";

const args = new pulumi.Config().requireObject<NomadClusterArgs>("cluster");
const cluster = new NomadCluster("nomad", { clusterName: `nomad-${pulumi.getStack()}`, ...args });

export const nodes = cluster.nodes;
export const address = cluster.address;
export const caCertificate = cluster.caCertificate;
/** What other stacks need to run jobs here. */
export const connection = pulumi.secret(cluster.connection);
/** For operators: `NOMAD_TOKEN` that may do everything. */
export const managementToken = cluster.managementToken;
