import * as pulumi from "@pulumi/pulumi";
import { nodeExporterAgent, SystemMonitoringAgent } from "nomad-digitalocean";

const config = new pulumi.Config();
const platform = new pulumi.StackReference(config.require("platform"));

const monitoring = new SystemMonitoringAgent("monitoring", {
  connection: platform.requireOutput("connection"),
  agent: nodeExporterAgent(),
  namespace: config.require("namespace"),
});

export const jobId = monitoring.jobId;
