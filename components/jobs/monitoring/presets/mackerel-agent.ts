import type { ArgumentIssue } from "../../../validation.ts";
import type { MonitoringAgent } from "../monitoring-agent.ts";
import { imageProblem } from "../../spec/render.ts";

export interface MackerelAgentArgs {
  /** Roles of every host, each `service:role`. A change restarts the agents. */
  roles: string[];
  /** Default `mackerel/mackerel-agent:0.87.1`. A change restarts the agents. */
  image?: string;
  /** URL of the Mackerel API. Default `https://api.mackerelio.com`. */
  apiUrl?: string;
}

const defaultImage = "mackerel/mackerel-agent:0.87.1";
const defaultApiUrl = "https://api.mackerelio.com";
const configurationFile = "mackerel-agent.conf";

/** Namespace of the host metadata `{ "cluster": ADDRESS }`, in which the agent says whose its host is. */
export const mackerelMetadata = "nomad-digitalocean";

/**
 * The Mackerel agent, watching the node rather than its container. It is started without the image's own start
 * script, which prints the API key to the task's log and can retire the host each time the container stops. Its host id
 * lies in the state directory, so Mackerel sees the same host after restarts, redeploys and drains, under the name of the
 * Nomad node. The agent never retires its host; `retireHosts` does once the droplet is gone. Needs nothing of the node
 * but its state volume. Throws on roles and images that {@link mackerelAgentProblems} names.
 */
export function mackerelAgent(args: MackerelAgentArgs): MonitoringAgent {
  const [problem] = mackerelAgentProblems(args);
  if (problem) throw new Error(`${problem.propertyPath}: ${problem.reason}`);
  return {
    name: "mackerel",
    image: args.image ?? defaultImage,
    command: "/usr/bin/mackerel-agent",
    args: ["-conf", `/secrets/${configurationFile}`],
    needsApiKey: true,
    keepsState: true,
    files: [{ name: configurationFile, text: mackerelConfiguration(args) }],
    mackerelApiUrl: args.apiUrl ?? defaultApiUrl,
    killTimeout: "30s",
    cpu: 50,
    memory: 96,
  };
}

/** Keys of the agent's configuration file (mackerel-agent 0.87, config package). */
function mackerelConfiguration({ roles, apiUrl = defaultApiUrl }: MackerelAgentArgs): string {
  // JSON's strings and arrays of strings are TOML's.
  return [
    "apikey = {{ .apiKey.Value | toJSON }}",
    `apibase = ${JSON.stringify(apiUrl)}`,
    'root = {{ env "AGENT_STATE_DIRECTORY" | toJSON }}',
    'pidfile = "/run/mackerel-agent.pid"',
    `roles = ${JSON.stringify(roles)}`,
    // The host name is the slot's, which the droplet that takes this one's place will have too.
    'display_name = {{ env "node.unique.name" | toJSON }}',
    // DigitalOcean is none of the clouds whose metadata service the agent would look for.
    'cloud_platform = "none"',
    "",
    "[host_status]",
    'on_start = "working"',
    'on_stop = "poweroff"',
    "",
    "[filesystems]",
    'ignore = "/dev/loop.*"',
    "",
    `[plugin.metadata.${mackerelMetadata}]`,
    `command = ["echo", '{"cluster": {{ .clusterAddress.Value | toJSON }}}']`,
    "",
  ].join("\n");
}

/** Everything that is wrong with the arguments. */
export function mackerelAgentProblems({ roles, image, apiUrl }: MackerelAgentArgs): ArgumentIssue[] {
  const problems: ArgumentIssue[] = [];
  if (roles.length === 0)
    problems.push({
      propertyPath: "roles",
      reason: 'is empty; give at least one "service:role", for example "blog:nomad-cluster"',
    });
  roles.forEach((role, index) => {
    if (!/^[a-zA-Z0-9][\w-]+:[a-zA-Z0-9][\w-]+$/.test(role))
      problems.push({
        propertyPath: `roles[${index}]`,
        reason: `"${role}" is not "service:role", for example "blog:nomad-cluster"`,
      });
  });
  if (image !== undefined) {
    const reason = imageProblem(image);
    if (reason !== undefined) problems.push({ propertyPath: "image", reason });
  }
  if (apiUrl !== undefined && !/^https?:\/\/[^/\s]+$/.test(apiUrl))
    problems.push({
      propertyPath: "apiUrl",
      reason: `"${apiUrl}" is not an http or https URL without a path`,
    });
  return problems;
}
