import { nodeSection, otherChanges, secretChanges } from "./change-groups.ts";
import { knownClusters } from "./cluster-access.ts";
import { monthlyCost } from "./costs.ts";
import { jobChanges } from "./jobs/changes.ts";
import { imageDates, oldImageRemarks } from "./node-images.ts";
import { policySection, previewErrors } from "./policy-section.ts";
import type { PreviewReport } from "./preview-report.ts";
import { hideable, redact } from "./secrets/redact.ts";
import { resourceChanges } from "./resource-changes.ts";
import type { Preview } from "./run-preview.ts";
import { sizePrices } from "./size-prices.ts";

const secretIsName =
  "A secret of the stack has the same text as a name in it, so that text is not taken out of this report. Give the secret another value.";

/** The report of a preview; asks Nomad for its plans and DigitalOcean for its prices. */
export async function makeReport(
  stack: string,
  { succeeded, events, config, outputs, droplets, secrets }: Preview,
  environment: NodeJS.ProcessEnv,
): Promise<PreviewReport> {
  const changes = resourceChanges(events);
  const { clusters, remarks: clusterRemarks } = await knownClusters(outputs, environment);
  const token =
    config["digitalocean:token"] ??
    environment["DIGITALOCEAN_TOKEN"] ??
    environment["DIGITALOCEAN_ACCESS_TOKEN"];
  const endpoint = config["digitalocean:apiEndpoint"] ?? environment["DIGITALOCEAN_API_URL"];
  const access = { ...(token !== undefined && { token }), ...(endpoint !== undefined && { endpoint }) };
  const [jobs, prices, images] = await Promise.all([
    jobChanges(changes, clusters),
    sizePrices(access),
    imageDates(droplets, access),
  ]);
  const remarks = [...clusterRemarks, ...oldImageRemarks(droplets, changes, images)];
  const report: PreviewReport = {
    version: 1,
    stack,
    outcome: succeeded ? "succeeded" : "failed",
    errors: previewErrors(events),
    remarks,
    nodes: nodeSection(changes, events),
    jobs,
    secrets: secretChanges(changes),
    other: otherChanges(changes),
    cost: monthlyCost(changes, prices),
    policies: policySection(events),
  };
  const tokens = [token, ...clusters.map((cluster) => cluster.token)];
  const names = [
    stack,
    ...changes.map(({ name }) => name),
    ...jobs.flatMap(({ job, namespace }) => [job, namespace]),
  ];
  const hidden = hideable([...secrets, ...tokens.filter((text) => text !== undefined)], names);
  return redact(
    hidden.areNames ? { ...report, remarks: [...remarks, secretIsName] } : report,
    hidden.secrets,
  );
}
