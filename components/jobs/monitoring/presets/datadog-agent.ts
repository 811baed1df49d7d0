import type { ArgumentIssue } from "../../../validation.ts";
import type { MonitoringAgent } from "../monitoring-agent.ts";
import { imageProblem } from "../../spec/render.ts";

export interface DatadogAgentArgs {
  /** Datadog's site of your account, for example `datadoghq.eu`. Default `datadoghq.com`. A change restarts the agents. */
  site?: string;
  /** Tags of every host, for example `env:production`. Default none. A change restarts the agents. */
  tags?: string[];
  /** Default `datadog/agent:7.84.2`. A change restarts the agents. */
  image?: string;
}

const defaultImage = "datadog/agent:7.84.2";

/**
 * The Datadog Agent, for the node's own figures: no containers, traces, logs or statsd, since it gets no Docker socket and
 * listens to nobody else. The size of a disk is that of the file system which holds Docker's data. Hosts go by the node's
 * host name, so Datadog sees the same host after restarts and when a droplet is replaced. Needs the host volume
 * `host-proc`; it runs as root, and so gets no more of the node (Datadog documentation, "Docker Agent"; the agent's
 * Dockerfile and cont-init.d). Throws on what {@link datadogAgentProblems} names.
 */
export function datadogAgent(args: DatadogAgentArgs = {}): MonitoringAgent {
  const [problem] = datadogAgentProblems(args);
  if (problem) throw new Error(`${problem.propertyPath}: ${problem.reason}`);
  const { site = "datadoghq.com", tags = [] } = args;
  return {
    name: "datadog",
    image: args.image ?? defaultImage,
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

/** Everything that is wrong with the arguments. */
export function datadogAgentProblems({ site, tags = [], image }: DatadogAgentArgs): ArgumentIssue[] {
  const problems: ArgumentIssue[] = [];
  if (site !== undefined && !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(site))
    problems.push({
      propertyPath: "site",
      reason: `"${site}" is not a site of Datadog, for example "datadoghq.eu"`,
    });
  tags.forEach((tag, index) => {
    if (!/^[a-zA-Z][^\s,]{0,199}$/.test(tag))
      problems.push({
        propertyPath: `tags[${index}]`,
        reason: `"${tag}" is not a tag without spaces, for example "env:production"`,
      });
  });
  const reason = image === undefined ? undefined : imageProblem(image);
  if (reason !== undefined) problems.push({ propertyPath: "image", reason });
  return problems;
}
