export { MackerelAlerts } from "./alerts/mackerel-alerts.ts";
export { quietRollouts } from "./alerts/quiet-rollouts.ts";
export type { QuietRolloutsArgs } from "./alerts/quiet-rollouts.ts";
export type {
  MackerelAlertsArgs,
  MackerelAlertSettings,
  MackerelConnectivity,
  MackerelDowntime,
  MackerelEmailChannel,
  MackerelHostMetric,
  MackerelLimits,
  MackerelServiceMetric,
  MackerelSlackChannel,
  MackerelUrlCheck,
  MackerelWebhookChannel,
} from "./alerts/args.ts";
export { BlogPlatform } from "./blog/blog-platform.ts";
export type { BlogMonitoring, BlogPlatformArgs } from "./blog/args.ts";
export { NomadCluster } from "./cluster/nomad-cluster.ts";
export type { ClusterNodeInfo } from "./cluster/outputs.ts";
export type { ClusterVolume, NomadClusterArgs } from "./cluster/args.ts";
export type { ClusterTeam } from "./cluster/access/team-policy.ts";
export type { ClusterConnection } from "./cluster/connection.ts";
export type { ClusterDomainArgs } from "./network/domain-names.ts";
export type { HostVolume } from "./nodes/nomad-configuration.ts";
export type { Duration } from "./duration.ts";
export { Ghost } from "./jobs/ghost/ghost.ts";
export type { GhostBackups } from "./jobs/ghost/backups/args.ts";
export type {
  GhostArgs,
  GhostDatabase,
  GhostMail,
  GhostMailgun,
  GhostOwner,
  GhostSettings,
} from "./jobs/ghost/args.ts";
export { Nginx } from "./jobs/nginx/nginx.ts";
export type { NginxArgs, NginxSettings, NginxTls } from "./jobs/nginx/args.ts";
export { NomadJob } from "./jobs/spec/nomad-job.ts";
export type { NomadJobArgs } from "./jobs/spec/nomad-job.ts";
export { SystemMonitoringAgent } from "./jobs/monitoring/system-monitoring-agent.ts";
export type {
  AgentOperation,
  AgentRegistry,
  AgentResources,
  SystemMonitoringAgentArgs,
} from "./jobs/monitoring/args.ts";
export type {
  AgentFile,
  AgentHostRegistry,
  AgentHostVolume,
  AgentService,
  MonitoringAgent,
} from "./jobs/monitoring/monitoring-agent.ts";
export type { AgentPreset } from "./jobs/monitoring/presets/preset.ts";
export { datadogAgent } from "./jobs/monitoring/presets/datadog-agent.ts";
export type { DatadogAgentArgs } from "./jobs/monitoring/presets/datadog-agent.ts";
export { mackerelAgent } from "./jobs/monitoring/presets/mackerel-agent.ts";
export type { MackerelAgentArgs } from "./jobs/monitoring/presets/mackerel-agent.ts";
export type {
  MackerelCheckPlugin,
  MackerelMetricPlugin,
} from "./jobs/monitoring/presets/mackerel-plugins.ts";
export { nodeExporterAgent } from "./jobs/monitoring/presets/node-exporter-agent.ts";
export type { NodeExporterAgentArgs } from "./jobs/monitoring/presets/node-exporter-agent.ts";
export { openTelemetryCollectorAgent } from "./jobs/monitoring/presets/open-telemetry-collector-agent.ts";
export type { OpenTelemetryCollectorAgentArgs } from "./jobs/monitoring/presets/open-telemetry-collector-agent.ts";
export { retireHosts } from "./jobs/monitoring/retire-hosts.ts";
export type { RetireHostsArgs } from "./jobs/monitoring/retire-hosts.ts";
export { serviceTaskGroup, taskGroup } from "./jobs/spec/job.ts";
export type { ServiceJob, SystemJob, TaskLogs } from "./jobs/spec/job.ts";
export type { Constraint } from "./jobs/spec/constraint.ts";
export type { Update } from "./jobs/spec/update.ts";
export { serviceJob, systemJob } from "./jobs/spec/render.ts";
export type { ApiJob } from "./jobs/spec/api-job.ts";
