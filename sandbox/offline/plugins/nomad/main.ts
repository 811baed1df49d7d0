// A stand-in for pulumi-resource-nomad: jobs as JSON, variables, ACLs, namespaces, on a real Nomad.
import { serveProvider } from "../../../../providers/engine/provider.ts";
import { aclPolicy, aclToken } from "./acl.ts";
import type { NomadClient } from "./client.ts";
import { nomadClient } from "./connection.ts";
import { job } from "./job.ts";
import { namespace } from "./namespace.ts";
import { variable } from "./variable.ts";

await serveProvider<NomadClient>({
  name: "nomad",
  version: "2.6.1",
  isStandIn: true,
  configuration: {
    address: { type: "string" },
    region: { type: "string" },
    secretId: { type: "string" },
    caPem: { type: "string" },
    caFile: { type: "string" },
    certPem: { type: "string" },
    certFile: { type: "string" },
    keyPem: { type: "string" },
    keyFile: { type: "string" },
    httpAuth: { type: "string" },
    skipVerify: { type: "boolean" },
    headers: { type: "list" },
    ignoreEnvVars: { type: "map" },
  },
  configure: (configuration) => nomadClient(configuration),
  resources: {
    "nomad:index/aclPolicy:AclPolicy": aclPolicy,
    "nomad:index/aclToken:AclToken": aclToken,
    "nomad:index/job:Job": job,
    "nomad:index/namespace:Namespace": namespace,
    "nomad:index/variable:Variable": variable,
  },
  functions: {},
});
