import type * as pulumi from "@pulumi/pulumi";
import type { MackerelAlertsArgs } from "../alerts/args.ts";
import { validateMackerelAlerts } from "../alerts/validation.ts";
import { mackerelVendor } from "../jobs/monitoring/presets/mackerel-hosts.ts";
import { chosenAgent } from "../jobs/monitoring/presets/preset.ts";
import type { ArgumentIssue } from "../validation.ts";
import type { BlogMonitoring } from "./args.ts";

/** Name of the monitor of the blog's URL. */
const blogKey = "blog";

/** The alerts that a blog's monitoring asks for, if it does. `url` is where readers find the blog. */
export function blogAlerts(
  { alerts, apiKey = "", ...choice }: BlogMonitoring,
  url: pulumi.Input<string>,
): MackerelAlertsArgs | undefined {
  if (alerts === undefined) return undefined;
  const { url: apiUrl, roles } = chosenAgent(choice).hostRegistry ?? {};
  return {
    ...{ memory: {}, fileSystems: {}, connectivity: {} },
    ...alerts,
    urls: { [blogKey]: { url }, ...alerts.urls },
    apiKey,
    ...(apiUrl !== undefined && { apiUrl }),
    ...(roles !== undefined && { scopes: roles }),
  };
}

/** What is wrong with them, by its path in the blog's arguments. */
export function blogAlertIssues(monitoring: BlogMonitoring): ArgumentIssue[] {
  const args = blogAlerts(monitoring, "https://blog.example.com");
  if (args === undefined) return [];
  const propertyPath = "monitoring.alerts";
  const { hostRegistry, name } = chosenAgent(monitoring);
  if (hostRegistry?.vendor !== mackerelVendor)
    return [
      {
        propertyPath,
        reason: `are Mackerel's, and the agent is "${name}"; leave them out, or let mackerelAgent() make the agent`,
      },
    ];
  return (
    validateMackerelAlerts(args)
      // The agent names these itself.
      .issues.filter((issue) => issue.propertyPath !== "apiUrl" && !issue.propertyPath.startsWith("scopes["))
      .map((issue) => ({ ...issue, propertyPath: `${propertyPath}.${issue.propertyPath}` }))
  );
}
