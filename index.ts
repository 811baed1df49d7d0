import * as pulumi from "@pulumi/pulumi";
import { mackerelAgent, NomadCluster, SystemMonitoringAgent } from "./components/index.ts";
import { loadSettings } from "./config.ts";

const settings = loadSettings(new pulumi.Config(), pulumi.getStack());

const cluster = new NomadCluster("nomad", settings.cluster);

new SystemMonitoringAgent("mackerel", {
  connection: cluster.connection,
  agent: mackerelAgent(settings.mackerel),
  apiKey: settings.mackerelApiKey,
});

/** Names and addresses of the nodes. */
export const nodes = cluster.nodes;
/** URL of Nomad's HTTP API. */
export const nomadAddress = cluster.address;
/** PEM of the authority that signed the API's certificate. */
export const caCertificate = cluster.caCertificate;
export const datacenter = cluster.datacenter;
/** From this another stack makes a `ClusterConnection`. */
export const connection = pulumi.secret(cluster.connection);
/** For operators: `NOMAD_TOKEN` that may do everything. */
export const managementToken = cluster.managementToken;
