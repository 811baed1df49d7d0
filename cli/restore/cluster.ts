import { execa } from "execa";
import { NomadClient } from "../../components/clients/nomad/client.ts";
import type { NomadClientOptions } from "../../components/clients/nomad/request.ts";
import { errorMessage } from "../../components/error-message.ts";
import { knownClusters } from "../report/cluster-access.ts";
import type { StackOutputs } from "../report/cluster-access.ts";

/** Of the stack, or of the environment if none is given. Fails if no server answers. */
export async function clusterOfStack(
  stack: string | undefined,
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<NomadClientOptions> {
  const { clusters, remarks } =
    stack === undefined
      ? await knownClusters({}, environment)
      : await knownClusters(await stackOutputs(stack, directory), {});
  if (clusters.length === 0)
    throw new Error(
      stack === undefined
        ? (remarks[0] ?? "give --stack, or NOMAD_ADDR, NOMAD_CACERT and NOMAD_TOKEN in the environment")
        : `the stack "${stack}" has no outputs nomadAddress, caCertificate and managementToken: is it up?`,
    );
  const reasons: string[] = [];
  for (const cluster of clusters)
    try {
      if ((await new NomadClient(cluster).leader()) !== "") return cluster;
      reasons.push(`${cluster.address}: has no leader`);
    } catch (error) {
      reasons.push(`${cluster.address}: ${errorMessage(error)}`);
    }
  throw new Error(`no server of the cluster answers:\n${[...new Set(reasons)].join("\n")}`);
}

async function stackOutputs(stack: string, cwd: string): Promise<StackOutputs> {
  const options = ["--json", "--show-secrets", "--stack", stack, "--non-interactive", "--color", "never"];
  const { stdout, stderr, failed, code } = await execa("pulumi", ["stack", "output", ...options], {
    ...{ cwd, stdin: "ignore", reject: false },
  });
  if (code === "ENOENT")
    throw new Error("pulumi is not on PATH: install it as https://www.pulumi.com/docs/install/ says");
  if (failed) throw new Error(`pulumi stack output: ${stderr.trim()}`);
  return JSON.parse(stdout) as StackOutputs;
}
