import type { MonitoringAgent } from "../components/index.ts";

/** Grafana Alloy, which writes the node's metrics to a Prometheus `remote_write` endpoint with a bearer token. */
export function alloyAgent(url: string): MonitoringAgent {
  const configuration = `
    prometheus.exporter.unix "node" {
      procfs_path        = "/host/proc"
      disable_collectors = ["filesystem"]
    }
    prometheus.scrape "node" {
      targets    = prometheus.exporter.unix.node.targets
      forward_to = [prometheus.remote_write.metrics.receiver]
    }
    prometheus.remote_write "metrics" {
      endpoint {
        url          = ${JSON.stringify(url)}
        bearer_token = {{ .apiKey.Value | toJSON }}
      }
    }`;
  return {
    name: "alloy",
    image: "grafana/alloy:v1.19.0",
    args: ["run", "--storage.path=${AGENT_STATE_DIRECTORY}", "/secrets/config.alloy"],
    needsApiKey: true,
    keepsState: true,
    files: [{ name: "config.alloy", text: configuration }],
    hostVolumes: [{ source: "host-proc", path: "/proc", destination: "/host/proc" }],
    ports: { http: 12345 },
    killTimeout: "30s",
    cpu: 100,
    memory: 256,
  };
}
