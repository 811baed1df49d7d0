import { readFileSync } from "node:fs";
import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { answeringAddress } from "./answering-address.ts";
import { teamPolicy } from "./team-policy.ts";
import type { ClusterTeam } from "./team-policy.ts";
import { refuseCaFile } from "../connection.ts";

/** How the API is called with every right. */
interface ManagementAccess {
  readonly address: pulumi.Input<string>;
  readonly addresses: pulumi.Input<string[]>;
  readonly caCertificate: pulumi.Input<string>;
  readonly managementToken: pulumi.Input<string>;
}

/** Secrets of the tokens that deploy jobs. */
export interface DeployTokens {
  /** For every namespace. */
  readonly deploy: pulumi.Output<string>;
  /** By the team's name. */
  readonly teams: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * A token that may deploy jobs in every namespace, and one for each team; the management token makes them and the
 * cluster's namespaces. Whoever deploys with one does so when the namespaces are there, and they are deleted when those jobs are
 * gone. Nomad is not asked to delete any of them together with the VPC.
 */
export function deployTokens(
  name: string,
  { namespaces, teams }: { readonly namespaces: readonly string[]; readonly teams: readonly ClusterTeam[] },
  access: ManagementAccess,
  parent: pulumi.Resource,
  vpc: pulumi.Resource,
): DeployTokens {
  refuseCaFile();
  const management = new nomad.Provider(
    `${name}-management`,
    { address: answeringAddress(access), caPem: access.caCertificate, secretId: access.managementToken },
    { parent },
  );
  const child = { parent, provider: management, deletedWith: vpc };
  const declared = namespaces.map(
    (namespace) => new nomad.Namespace(`${name}-namespace-${namespace}`, { name: namespace }, child),
  );
  const token = (tokenName: string, description: string, rulesHcl: string) => {
    const policy = new nomad.AclPolicy(
      `${name}-${tokenName}-policy`,
      { name: tokenName, description, rulesHcl },
      child,
    );
    const { secretId } = new nomad.AclToken(
      `${name}-${tokenName}-token`,
      { name: tokenName, type: "client", policies: [policy.name] },
      { ...child, dependsOn: declared },
    );
    return pulumi.secret(secretId);
  };
  const deployRules = readFileSync(new URL("../files/deploy-policy.hcl", import.meta.url), "utf8");
  return {
    deploy: token("deploy", "Submit jobs and write their variables", deployRules),
    teams: Object.fromEntries(
      teams.map((team) => [
        team.name,
        token(`team-${team.name}`, "Submit a team's jobs and write their variables", teamPolicy(team)),
      ]),
    ),
  };
}
