// What both programs of the change of type say: the cluster of another stack, and an agent beside that stack's own.
import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { mackerelAgent } from "../../../components/index.ts";
import type { ClusterConnection, MonitoringAgent } from "../../../components/index.ts";

const config = new pulumi.Config();
const platform = new pulumi.StackReference(config.require("platform"));

export const connection = platform.requireOutput("connection") as pulumi.Output<
  pulumi.Unwrap<ClusterConnection>
>;
export const apiKey = config.requireSecret("mackerelApiKey");

/** Its name is the job's id and its state's directory. */
export const agent: MonitoringAgent = {
  ...mackerelAgent({ roles: [config.require("role")], apiUrl: config.require("mackerelApiUrl") }),
  name: "migrated",
};

export const provider = new nomad.Provider("nomad", {
  address: pulumi.unsecret(connection.address),
  caPem: pulumi.unsecret(connection.caCertificate),
  secretId: connection.token,
});
