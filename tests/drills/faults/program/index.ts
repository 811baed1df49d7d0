// What `npm run drill -- faults` rolls: the cluster alone, with waits that end while somebody watches.
import * as pulumi from "@pulumi/pulumi";
import { NomadCluster } from "../../../../components/index.ts";

const config = new pulumi.Config();
const volume = config.get("volume");
const publicKey = config.get("sshPublicKey");

const cluster = new NomadCluster("nomad", {
  clusterName: config.get("clusterName") ?? "faults",
  serverCount: config.getNumber("serverCount") ?? 3,
  clientCount: config.getNumber("clientCount") ?? 0,
  size: config.get("size") ?? "s-2vcpu-4gb",
  operatorCidrs: ["127.0.0.1/32"],
  guardReplacements: true,
  readyTimeout: "2m",
  maxDrain: "1m",
  joinTimeout: config.require("joinTimeout"),
  volumes: volume === undefined ? [] : [{ name: volume, slot: "server-1", size: 1 }],
  protectVolumes: false,
  sshPublicKeys: publicKey === undefined ? [] : [publicKey],
  snapshotDirectory: config.require("snapshotDirectory"),
});

export const nodes = cluster.nodes;
export const caCertificate = cluster.caCertificate;
export const managementToken = cluster.managementToken;
