import { agentStateVolume } from "../../cluster/defaults.ts";
import { withDefaults } from "../../validation.ts";
import type { SystemMonitoringAgentArgs } from "./args.ts";
import { chosenAgent } from "./presets/preset.ts";

/** What is taken for arguments that are left out. */
export const systemMonitoringAgentDefaults = { priority: 50, stateVolume: agentStateVolume.name };

type Settings = Omit<SystemMonitoringAgentArgs, "connection" | "apiKey">;
type Defaulted = "agent" | "jobId" | "priority" | "stateVolume";

/** {@link SystemMonitoringAgentArgs} with every default filled in. */
export type ResolvedMonitoringAgentArgs = Readonly<
  Required<Pick<Settings, Defaulted>> & Omit<Settings, Defaulted>
>;

export function resolveMonitoringAgentArgs(args: Settings): ResolvedMonitoringAgentArgs {
  const agent = chosenAgent(args);
  return { ...withDefaults(args, { ...systemMonitoringAgentDefaults, jobId: agent.name }), agent };
}
