import { checkPattern } from "../../../checks.ts";
import { each, issuesOf, resolvedOrThrow, withDefaults } from "../../../validation.ts";
import type { Validation } from "../../../validation.ts";
import { checkImage } from "../../spec/validation.ts";
import type { MonitoringAgent } from "../monitoring-agent.ts";

export interface DatadogAgentArgs {
  /**
   * Datadog's site of your account, for example `datadoghq.eu`. A change restarts the agents.
   * @default `"datadoghq.com"`
   */
  site?: string;
  /**
   * Tags of every host, for example `env:production`. A change restarts the agents.
   * @default `[]`
   */
  tags?: string[];
  /**
   * Container image with a version. A change restarts the agents.
   * @default `"datadog/agent:7.84.2"`
   */
  image?: string;
}

export const datadogAgentDefaults = { site: "datadoghq.com", tags: [], image: "datadog/agent:7.84.2" };

/**
 * The Datadog Agent, for the node's own figures: no containers, traces, logs or statsd, since it gets no Docker socket and
 * listens to nobody else. The size of a disk is that of the file system which holds Docker's data. Hosts go by the node's
 * host name, so Datadog sees the same host after restarts and when a droplet is replaced. Needs the host volume
 * `host-proc`; it runs as root, and so gets no more of the node (Datadog documentation, "Docker Agent"; the agent's
 * Dockerfile and cont-init.d). Throws every wrong argument together.
 */
export function datadogAgent(args: DatadogAgentArgs = {}): MonitoringAgent {
  return resolvedOrThrow(validateDatadogAgent(args));
}

/** {@link datadogAgent} with its issues instead of a throw. */
export function validateDatadogAgent(args: DatadogAgentArgs): Validation<MonitoringAgent> {
  const resolved = withDefaults(args, datadogAgentDefaults);
  const issues = issuesOf([
    [
      "site",
      checkPattern(
        resolved.site,
        /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
        'a site of Datadog, for example "datadoghq.eu"',
      ),
    ],
    ...each("tags", resolved.tags, (tag) =>
      checkPattern(tag, /^[a-zA-Z][^\s,]{0,199}$/, 'a tag without spaces, for example "env:production"'),
    ),
    ["image", checkImage(resolved.image)],
  ]);
  return { resolved: agentOf(resolved), issues };
}

function agentOf({ site, tags, image }: Required<DatadogAgentArgs>): MonitoringAgent {
  return {
    name: "datadog",
    image,
    args: [],
    needsApiKey: true,
    keepsState: false,
    // The image's start script wants the key in its environment and ends without it.
    files: [{ name: "datadog.env", text: "DD_API_KEY={{ .apiKey.Value | toJSON }}\n", environment: true }],
    environment: {
      DD_SITE: site,
      DD_HOSTNAME: "${attr.unique.hostname}",
      ...(tags.length > 0 && { DD_TAGS: tags.join(" ") }),
      DD_APM_ENABLED: "false",
      DD_LOGS_ENABLED: "false",
      DD_USE_DOGSTATSD: "false",
    },
    hostVolumes: [{ source: "host-proc", path: "/proc", destination: "/host/proc" }],
    // Its commands and its own figures, on the loopback interface.
    ports: { commands: 5001, expvar: 5000 },
    killTimeout: "30s",
    cpu: 100,
    memory: 512,
  };
}
