import type { ArgumentIssue } from "../../../validation.ts";
import { staticPortProblem } from "../../spec/validation.ts";
import type { MonitoringAgent } from "../monitoring-agent.ts";
import { imageProblem } from "../../spec/render.ts";
import { hostRoot, uninterestingMounts } from "./host-root.ts";

export interface NodeExporterAgentArgs {
  /**
   * Port of the metrics, on the node's address in the VPC. Default: one that Nomad chooses and the cluster's firewall opens
   * between its nodes; Prometheus finds it by Nomad's service discovery. A change restarts the exporters.
   */
  port?: number;
  /** Default `prom/node-exporter:v1.12.1`. A change restarts the exporters. */
  image?: string;
}

const defaultImage = "prom/node-exporter:v1.12.1";

/**
 * Prometheus' node_exporter. Nobody needs a key: Prometheus fetches `/metrics` from every instance of the service, which
 * is named like the job, `node-exporter` by default. Needs the host volume `host-root`. It reads the node's own /proc there
 * and so needs no process namespace of the node's, which Nomad 2.0.4 and newer would have to allow (README of node_exporter
 * 1.12, "Docker", and its flags). Throws on what {@link nodeExporterAgentProblems} names.
 */
export function nodeExporterAgent(args: NodeExporterAgentArgs = {}): MonitoringAgent {
  const [problem] = nodeExporterAgentProblems(args);
  if (problem) throw new Error(`${problem.propertyPath}: ${problem.reason}`);
  const root = "/host";
  return {
    name: "node-exporter",
    image: args.image ?? defaultImage,
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
    ...(args.port === undefined ? { dynamicPorts: ["metrics"] } : { ports: { metrics: args.port } }),
    service: { port: "metrics", healthPath: "/" },
    killTimeout: "5s",
    cpu: 50,
    memory: 64,
  };
}

/** Everything that is wrong with the arguments. */
export function nodeExporterAgentProblems({ port, image }: NodeExporterAgentArgs): ArgumentIssue[] {
  const reasons = {
    port: port === undefined ? undefined : staticPortProblem(port),
    image: image === undefined ? undefined : imageProblem(image),
  };
  return Object.entries(reasons).flatMap(([propertyPath, reason]) =>
    reason === undefined ? [] : [{ propertyPath, reason }],
  );
}
