import { issuesOf, resolvedOrThrow, withDefaults } from "../../../validation.ts";
import type { Validation } from "../../../validation.ts";
import { checkImage, checkStaticPort } from "../../spec/validation.ts";
import type { MonitoringAgent } from "../monitoring-agent.ts";
import { hostRoot, uninterestingMounts } from "./host-root.ts";

export interface NodeExporterAgentArgs {
  /**
   * Port of the metrics, on the node's address in the VPC. A change restarts the exporters.
   * @default - one that Nomad chooses and the cluster's firewall opens between its nodes; Prometheus finds it by Nomad's
   *   service discovery
   */
  port?: number;
  /**
   * Container image with a version. A change restarts the exporters.
   * @default `"prom/node-exporter:v1.12.1"`
   */
  image?: string;
}

export const nodeExporterAgentDefaults = { image: "prom/node-exporter:v1.12.1" };

/**
 * Prometheus' node_exporter. Nobody needs a key: Prometheus fetches `/metrics` from every instance of the service, which
 * is named like the job, `node-exporter` by default. Needs the host volume `host-root`. It reads the node's own /proc there
 * and so needs no process namespace of the node's, which Nomad 2.0.4 and newer would have to allow (README of node_exporter
 * 1.12, "Docker", and its flags). Throws every wrong argument together.
 */
export function nodeExporterAgent(args: NodeExporterAgentArgs = {}): MonitoringAgent {
  return resolvedOrThrow(validateNodeExporterAgent(args));
}

/** {@link nodeExporterAgent} with its issues instead of a throw. */
export function validateNodeExporterAgent(args: NodeExporterAgentArgs): Validation<MonitoringAgent> {
  const { port, image } = withDefaults(args, nodeExporterAgentDefaults);
  const issues = issuesOf([
    ["port", port === undefined ? undefined : checkStaticPort(port)],
    ["image", checkImage(image)],
  ]);
  return { resolved: agentOf(port, image), issues };
}

function agentOf(port: number | undefined, image: string): MonitoringAgent {
  const root = "/host";
  return {
    name: "node-exporter",
    image,
    args: [
      // Nomad puts the node's address in the VPC here, so that the Internet is not even listened to.
      "--web.listen-address=${NOMAD_ADDR_metrics}",
      `--path.rootfs=${root}`,
      `--path.procfs=${root}/proc`,
      `--path.sysfs=${root}/sys`,
      `--collector.filesystem.mount-points-exclude=${uninterestingMounts}`,
    ],
    needsApiKey: false,
    keepsState: false,
    hostVolumes: [{ ...hostRoot, destination: root }],
    ...(port === undefined ? { dynamicPorts: ["metrics"] } : { ports: { metrics: port } }),
    service: { port: "metrics", healthPath: "/" },
    security: { capabilities: [], noNewPrivileges: true, readOnlyRoot: true, pidsLimit: 256 },
    killTimeout: "5s",
    cpu: 50,
    memory: 64,
  };
}
