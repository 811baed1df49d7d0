import * as pulumi from "@pulumi/pulumi";
import { NomadClient } from "../../clients/nomad/client.ts";
import { ApiError } from "../../clients/request.ts";
import { chooseAddress } from "../../cluster/access/answering-address.ts";
import type { ClusterConnection } from "../../cluster/connection.ts";
import { errorMessage } from "../../error-message.ts";
import { valueIfKnown } from "../../value-if-known.ts";
import { failedDeployment } from "./failed-deployment.ts";
import { jobUrn, registeredJob } from "./registered-job.ts";
import { restoration, unchanged } from "./restoration.ts";
import type { FoundJob, RegisteredJob, Restoration } from "./restoration.ts";

/** Longest wait for an answer, in milliseconds: a preview goes on without one. */
const answerTimeout = 3_000;

/**
 * Looks in Nomad at the job that the component of this name declares, and warns of what was done to it
 * outside of the stack. The provider compares the job with its state only, so it would see nothing without a refresh.
 */
export function restoredJob(
  component: pulumi.ComponentResource,
  name: string,
  connection: pulumi.Input<ClusterConnection>,
): pulumi.Output<Restoration> {
  const known = valueIfKnown(pulumi.output(connection)).apply(async (access) => {
    const urn = await jobUrn(component, name);
    const registered = await registeredJob(urn);
    if (registered === undefined) return { marks: {}, rerun: undefined };
    if (access === undefined) return unchanged(registered);
    try {
      const { found, warning } = await findJob(access, registered);
      if (warning !== undefined) await pulumi.log.warn(warning, component);
      const restored = restoration(registered, found);
      if (restored.change !== undefined)
        await pulumi.log.warn(changeText(registered, restored.change, urn), component);
      return restored;
    } catch (error) {
      await pulumi.log.warn(
        `Nomad cannot be asked whether job "${registered.id}" still runs as declared: ${errorMessage(error)}`,
        component,
      );
      return unchanged(registered);
    }
  });
  // It was read with the token, and says nothing about it.
  return pulumi.unsecret<Restoration>(known);
}

function changeText({ id }: RegisteredJob, change: string, urn: string): string {
  return (
    `job "${id}" was changed outside of this stack: ${change}. An update runs it again as declared. If the provider ` +
    `answers "job modify index has changed since last refresh", run \`pulumi refresh --target '${urn}'\` first`
  );
}

async function findJob(
  { token, ...api }: pulumi.Unwrap<ClusterConnection>,
  { id, namespace }: RegisteredJob,
): Promise<{ readonly found: FoundJob | undefined; readonly warning?: string }> {
  const address = await chooseAddress(api);
  const { caCertificate } = api;
  const client = new NomadClient({ address, caCertificate, token, timeout: answerTimeout });
  try {
    const found = await client.job(id, namespace);
    const warning =
      found.Type === "system"
        ? failedDeployment(id, found, await client.latestDeployment(id, namespace))
        : undefined;
    return { found, ...(warning !== undefined && { warning }) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { found: undefined };
    throw error;
  }
}
