import { checkPattern } from "../../../checks.ts";
import { issuesOf, resolvedOrThrow, withDefaults } from "../../../validation.ts";
import type { Validation } from "../../../validation.ts";
import { checkImage } from "../../spec/validation.ts";
import type { MonitoringAgent } from "../monitoring-agent.ts";
import { hostRoot, uninterestingMounts } from "./host-root.ts";

export interface OpenTelemetryCollectorAgentArgs {
  /** Base URL of the OTLP receiver over HTTP; `/v1/metrics` is added. A change restarts the collectors. */
  endpoint: string;
  /**
   * HTTP header whose whole value is the API key: `api-key`, or `Authorization` with a key like `Bearer ...`. A
   * change restarts the collectors.
   * @default - none: the receiver wants no key
   */
  apiKeyHeader?: string;
  /**
   * Resource attributes of every metric, beside `host.name`. A change restarts the collectors.
   * @default `{}`
   */
  attributes?: Record<string, string>;
  /**
   * Container image with a version. A change restarts the collectors.
   * @default `"otel/opentelemetry-collector-contrib:0.162.0"`
   */
  image?: string;
}

export const openTelemetryCollectorAgentDefaults = {
  attributes: {},
  image: "otel/opentelemetry-collector-contrib:0.162.0",
};
const configurationFile = "collector.json";

/**
 * The OpenTelemetry Collector, which sends the node's metrics by OTLP. `host.name` is the node's host name. It listens on
 * no port. Needs the host volume `host-root` (READMEs of the collector's hostmetrics receiver and OTLP/HTTP exporter;
 * Dockerfile of the contrib distribution). Throws every wrong argument together.
 */
export function openTelemetryCollectorAgent(args: OpenTelemetryCollectorAgentArgs): MonitoringAgent {
  return resolvedOrThrow(validateOpenTelemetryCollectorAgent(args));
}

/** {@link openTelemetryCollectorAgent} with its issues instead of a throw. */
export function validateOpenTelemetryCollectorAgent(
  args: OpenTelemetryCollectorAgentArgs,
): Validation<MonitoringAgent> {
  const resolved = withDefaults(args, openTelemetryCollectorAgentDefaults);
  const { endpoint, apiKeyHeader, image } = resolved;
  const url = URL.parse(endpoint);
  const isEndpoint =
    url !== null && ["http:", "https:"].includes(url.protocol) && url.search === "" && url.hash === "";
  const issues = issuesOf([
    [
      "endpoint",
      isEndpoint
        ? undefined
        : `"${endpoint}" is not an http or https URL without a query, for example "https://otlp.example.com:4318"`,
    ],
    [
      "apiKeyHeader",
      // The token of RFC 9110.
      apiKeyHeader === undefined
        ? undefined
        : checkPattern(
            apiKeyHeader,
            /^[\w!#$%&'*+.^`|~-]+$/,
            'the name of an HTTP header, for example "api-key"',
          ),
    ],
    ["image", checkImage(image)],
  ]);
  return { resolved: agentOf(resolved), issues };
}

type ResolvedArgs = OpenTelemetryCollectorAgentArgs &
  Required<Pick<OpenTelemetryCollectorAgentArgs, "attributes" | "image">>;

function agentOf(args: ResolvedArgs): MonitoringAgent {
  return {
    name: "open-telemetry-collector",
    image: args.image,
    args: [`--config=/secrets/${configurationFile}`],
    needsApiKey: args.apiKeyHeader !== undefined,
    keepsState: false,
    // The user that the image runs as.
    files: [{ name: configurationFile, text: collectorConfiguration(args), owner: 10001 }],
    environment: { GOMEMLIMIT: "160MiB" },
    hostVolumes: [{ ...hostRoot, destination: rootPath }],
    killTimeout: "30s",
    cpu: 100,
    memory: 200,
  };
}

const rootPath = "/hostfs";

/** Where the key goes in the finished text: a lone dollar, of which {@link literal} leaves none. */
const apiKeyMark = "$";

/** JSON is YAML too. */
function collectorConfiguration({ endpoint, apiKeyHeader, attributes }: ResolvedArgs): string {
  const upsert = (key: string, value: string) => ({ key, value, action: "upsert" });
  const configuration = {
    receivers: {
      host_metrics: {
        collection_interval: "60s",
        root_path: rootPath,
        scrapers: {
          cpu: {},
          disk: {},
          filesystem: {
            exclude_mount_points: { match_type: "regexp", mount_points: [literal(uninterestingMounts)] },
          },
          load: {},
          memory: {},
          network: {},
          paging: {},
          processes: {},
        },
      },
    },
    processors: {
      resource: {
        attributes: [
          upsert("host.name", "{{ env `attr.unique.hostname` }}"),
          ...Object.entries(attributes).map(([key, value]) => upsert(literal(key), literal(value))),
        ],
      },
    },
    exporters: {
      otlp_http: {
        endpoint: literal(endpoint),
        ...(apiKeyHeader !== undefined && { headers: { [apiKeyHeader]: apiKeyMark } }),
      },
    },
    service: {
      // Its own metrics would be offered on a port.
      telemetry: { metrics: { level: "none" } },
      pipelines: {
        metrics: { receivers: ["host_metrics"], processors: ["resource"], exporters: ["otlp_http"] },
      },
    },
  };
  return `${JSON.stringify(configuration, null, 1)}\n`.replace(
    JSON.stringify(apiKeyMark),
    () => '{{ .apiKey.Value | replaceAll "$" "$$" | toJSON }}',
  );
}

/** Text that neither the collector nor Nomad's templates take for a variable. */
function literal(text: string): string {
  return text.replaceAll("$", "$$$$").replaceAll("{{", "{{ `{{` }}");
}
