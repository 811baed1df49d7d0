import { poll } from "../../../../providers/engine/poll.ts";
import { text } from "../../../../providers/engine/values.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import type { NomadClient } from "./client.ts";

/** Follows an evaluation and those that come of it. Throws when one fails. */
async function completedEvaluation(
  client: NomadClient,
  first: string,
  namespace: string,
  signal: AbortSignal,
) {
  let id = first;
  const look = async (): Promise<Properties | undefined> => {
    const evaluation = await client.request("GET", `/v1/evaluation/${id}`, { namespace, signal });
    if (evaluation["Status"] === "failed" || evaluation["Status"] === "cancelled")
      throw new Error(`evaluation failed: ${text(evaluation["StatusDescription"])}`);
    if (evaluation["Status"] !== "complete") return undefined;
    if (text(evaluation["NextEval"]) === "") return evaluation;
    id = text(evaluation["NextEval"]);
    return undefined;
  };
  return (await look()) ?? (await poll(`evaluation ${first}`, look, signal));
}

/** Waits for a registered job's evaluation and for its deployment, if it has one. Throws with Nomad's reason. */
export async function waitForDeployment(
  client: NomadClient,
  evaluationId: string,
  namespace: string,
  signal: AbortSignal,
): Promise<{ deploymentId: string; deploymentStatus: string }> {
  const evaluation = await completedEvaluation(client, evaluationId, namespace, signal);
  const id = text(evaluation["DeploymentID"]);
  if (id === "") return { deploymentId: "", deploymentStatus: "" };
  const deployment = await poll(
    `deployment ${id}`,
    async () => {
      const found = await client.request("GET", `/v1/deployment/${id}`, { namespace, signal });
      const status = text(found["Status"]);
      if (status === "failed" || status === "cancelled") {
        const description = text(found["StatusDescription"]);
        throw new Error(`deployment '${id}' terminated with status '${status}': '${description}'`);
      }
      return status === "successful" ? found : undefined;
    },
    signal,
  );
  return { deploymentId: id, deploymentStatus: text(deployment["Status"]) };
}
