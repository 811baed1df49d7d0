import { checkPattern } from "../../../checks.ts";
import { each, issuesOf, resolvedOrThrow, withDefaults } from "../../../validation.ts";
import type { Validation } from "../../../validation.ts";
import { checkImage } from "../../spec/validation.ts";
import type { MonitoringAgent } from "../monitoring-agent.ts";
import { hostRoot } from "./host-root.ts";
import { mackerelMetadata, mackerelVendor } from "./mackerel-hosts.ts";
import { pluginChecks, pluginTables } from "./mackerel-plugins.ts";
import type { MackerelCheckPlugin, MackerelMetricPlugin } from "./mackerel-plugins.ts";

export interface MackerelAgentArgs {
  /** Roles of every host, each `service:role`. A change restarts the agents. */
  roles: string[];
  /**
   * Container image with a version. A change restarts the agents.
   * @default `"mackerel/mackerel-agent:0.87.1"`
   */
  image?: string;
  /**
   * URL of the Mackerel API. A change restarts the agents.
   * @default `"https://api.mackerelio.com"`
   */
  apiUrl?: string;
  /**
   * Whether the agent sees every file system of the node, those of volumes and of later mounts too, rather than what its
   * container is on. It needs the node's host volume `host-root` of `/`, one of the cluster's `hostVolumes`, by which a task that
   * runs as root reads every file of the node. A change restarts the agents.
   * @default `false`
   */
  fileSystems?: boolean;
  /**
   * Further metrics, by a name of letters, digits, hyphens and underscores. A change restarts the agents.
   * @default `{}`
   */
  plugins?: Record<string, MackerelMetricPlugin>;
  /**
   * Checks, by such a name. A check that goes wrong opens an alert at Mackerel by itself. A change restarts the agents.
   * @default `{}`
   */
  checks?: Record<string, MackerelCheckPlugin>;
  /**
   * Tables of the agent's configuration file, in TOML, after all others. It is a Nomad template and not for secrets: it can be read
   * in the job. A change restarts the agents.
   * @default `""`
   */
  extraConfiguration?: string;
}

export const mackerelAgentDefaults = {
  ...{ image: "mackerel/mackerel-agent:0.87.1", apiUrl: "https://api.mackerelio.com", fileSystems: false },
  ...{ plugins: {}, checks: {}, extraConfiguration: "" },
};
const configurationFile = "mackerel-agent.conf";

/**
 * The Mackerel agent, watching the node rather than its container. It is started without the image's own start
 * script, which prints the API key to the task's log and can retire the host each time the container stops. Its host id
 * lies in the state directory, so Mackerel sees the same host after restarts, redeploys and drains, under the name of the
 * Nomad node. The agent never retires its host; `retireHosts` does once the droplet is gone. Needs nothing of the node
 * but its state volume. Throws every wrong argument together.
 */
export function mackerelAgent(args: MackerelAgentArgs): MonitoringAgent {
  return resolvedOrThrow(validateMackerelAgent(args));
}

/** {@link mackerelAgent} with its issues instead of a throw. */
export function validateMackerelAgent(args: MackerelAgentArgs): Validation<MonitoringAgent> {
  const resolved = withDefaults(args, mackerelAgentDefaults);
  const issues = issuesOf([
    [
      "roles",
      resolved.roles.length > 0
        ? undefined
        : 'is empty; give at least one "service:role", for example "blog:nomad-cluster"',
    ],
    ...each("roles", resolved.roles, (role) =>
      checkPattern(
        role,
        /^[a-zA-Z0-9][\w-]+:[a-zA-Z0-9][\w-]+$/,
        '"service:role", for example "blog:nomad-cluster"',
      ),
    ),
    ["image", checkImage(resolved.image)],
    ["apiUrl", checkPattern(resolved.apiUrl, /^https?:\/\/[^/\s]+$/, "an http or https URL without a path")],
    ...pluginChecks(resolved),
  ]);
  return { resolved: agentOf(resolved), issues };
}

function agentOf(args: Required<MackerelAgentArgs>): MonitoringAgent {
  return {
    name: "mackerel",
    image: args.image,
    command: "/usr/bin/mackerel-agent",
    args: ["-conf", `/secrets/${configurationFile}`],
    needsApiKey: true,
    keepsState: true,
    ...(args.fileSystems && { hostVolumes: [{ ...hostRoot, destination: "/rootfs" }] }),
    files: [{ name: configurationFile, text: mackerelConfiguration(args) }],
    hostRegistry: { vendor: mackerelVendor, url: args.apiUrl, roles: args.roles },
    security: { capabilities: [], noNewPrivileges: true, pidsLimit: 256 },
    killTimeout: "30s",
    cpu: 50,
    memory: 96,
  };
}

/** Keys of the agent's configuration file (mackerel-agent 0.87, config package). */
function mackerelConfiguration(args: Required<MackerelAgentArgs>): string {
  const { roles, apiUrl } = args;
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
    ...pluginTables(args),
  ].join("\n");
}
