import { readFileSync } from "node:fs";
import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { answeringAddress } from "./answering-address.ts";
import { refuseCaFile } from "../connection.ts";

/** How the API is called with every right. */
interface ManagementAccess {
  readonly address: pulumi.Input<string>;
  readonly addresses: pulumi.Input<string[]>;
  readonly caCertificate: pulumi.Input<string>;
  readonly managementToken: pulumi.Input<string>;
}

/**
 * A token that may deploy jobs, in every namespace; the management token makes it and the cluster's namespaces. Whoever
 * deploys with it does so when the namespaces are there, and they are deleted when those jobs are gone. Nomad is not asked to
 * delete any of them together with the VPC.
 */
export function deployToken(
  name: string,
  namespaces: readonly string[],
  access: ManagementAccess,
  parent: pulumi.Resource,
  vpc: pulumi.Resource,
): pulumi.Output<string> {
  refuseCaFile();
  const management = new nomad.Provider(
    `${name}-management`,
    { address: answeringAddress(access), caPem: access.caCertificate, secretId: access.managementToken },
    { parent },
  );
  const child = { parent, provider: management, deletedWith: vpc };
  const policy = new nomad.AclPolicy(
    `${name}-deploy-policy`,
    {
      name: "deploy",
      description: "Submit jobs and write their variables",
      rulesHcl: readFileSync(new URL("../files/deploy-policy.hcl", import.meta.url), "utf8"),
    },
    child,
  );
  const declared = namespaces.map(
    (namespace) => new nomad.Namespace(`${name}-namespace-${namespace}`, { name: namespace }, child),
  );
  const token = new nomad.AclToken(
    `${name}-deploy-token`,
    { name: "deploy", type: "client", policies: [policy.name] },
    { ...child, dependsOn: declared },
  );
  return pulumi.secret(token.secretId);
}
