// The same agent as a system job.
import { SystemMonitoringAgent } from "../../../components/index.ts";
import { agent, apiKey, connection, provider } from "./agent.ts";

new SystemMonitoringAgent("agent", { connection, agent, apiKey }, { providers: [provider] });
