import * as pulumi from "@pulumi/pulumi";
import { NomadCluster } from "../../../../components/index.ts";

// As the project's own program does.
Reflect.deleteProperty(Error, "prepareStackTrace");

const cluster = new NomadCluster("nomad", {
  clusterName: "growth",
  clientCount: new pulumi.Config().requireNumber("clientCount"),
  operatorCidrs: ["127.0.0.1/32"],
});

export const nodes = cluster.nodes;
