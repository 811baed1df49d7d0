import { agentStateVolume } from "../../cluster/defaults.ts";
import { withDefaults } from "../../validation.ts";
import type { SystemMonitoringAgentArgs } from "./args.ts";

/** What is taken for arguments that are left out. */
export const systemMonitoringAgentDefaults = { priority: 50, stateVolume: agentStateVolume.name };

type Settings = Omit<SystemMonitoringAgentArgs, "connection" | "apiKey">;
type Defaulted = "jobId" | "priority" | "stateVolume";

/** {@link SystemMonitoringAgentArgs} with every default filled in. */
export type ResolvedMonitoringAgentArgs = Readonly<
  Required<Pick<Settings, Defaulted>> & Omit<Settings, Defaulted>
>;

export function resolveMonitoringAgentArgs(args: Settings): ResolvedMonitoringAgentArgs {
  return withDefaults(args, { ...systemMonitoringAgentDefaults, jobId: args.agent.name });
}
