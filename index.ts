import * as pulumi from "@pulumi/pulumi";
import { BlogPlatform } from "./components/index.ts";
import { loadSettings, platformName } from "./config.ts";

// Pulumi's runner looks every frame of a stack trace up in source maps, and its SDK takes thousands of traces. Node runs
// these sources as they are, so nothing of them is mapped, and a third of the program's computing time is saved (measured).
Reflect.deleteProperty(Error, "prepareStackTrace");

const platform = new BlogPlatform(
  platformName,
  loadSettings(new pulumi.Config(), pulumi.getStack(), Object.keys(pulumi.runtime.allConfig())),
);

/** Where readers find the blog. */
export const blogUrl = platform.url;
/** URL of the load balancer, or one a reserved address: each answers for the blog. */
export const blogAddresses = platform.addresses;
/** Names and addresses of the nodes. */
export const nodes = platform.nodes;
/** URL of Nomad's HTTP API. */
export const nomadAddress = platform.nomadAddress;
/** PEM of the authority that signed the API's certificate. */
export const caCertificate = platform.caCertificate;
export const datacenter = platform.datacenter;
/** From this another stack makes a `ClusterConnection`. */
export const connection = pulumi.secret(platform.connection);
/** By the name of a team: from one another stack makes a `ClusterConnection` with the team's token. */
export const teamConnections = pulumi.secret(platform.teamConnections);
/** For operators: `NOMAD_TOKEN` that may do everything. */
export const managementToken = platform.managementToken;
/** For the blog's owner: the password for signing in at /ghost the first time. */
export const ghostOwnerPassword = platform.ghostOwnerPassword;
/** For operators: decrypts the snapshots of Nomad's state. */
export const snapshotPassphrase = platform.snapshotPassphrase;
