import { existsSync } from "node:fs";
import { daemonLog, daemonState } from "../daemon/daemon-record.ts";
import type { DaemonState } from "../daemon/daemon-record.ts";
import { readHosts } from "./mackerel-hosts.ts";
import type { SandboxSettings } from "../settings.ts";
import { readInstallation } from "../commands/installation.ts";
import { readNomad } from "./nomad-api.ts";
import { pulumiCli } from "../commands/pulumi-cli.ts";
import { stackConfigFile } from "../commands/pulumi-environment.ts";
import { readBlog } from "./read-blog.ts";
import { statusReport } from "./status-report.ts";
import type { StackOutputs, StatusReport } from "./status-report.ts";

/** Reads everything live. What does not answer is named in the report's `problems`. */
export async function readStatus(settings: SandboxSettings): Promise<StatusReport> {
  const { plugins } = await readInstallation(settings);
  const daemon = await daemonState(settings);
  const problems: string[] = [];
  const answer = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      problems.push(`${what}: ${reason(error)}`);
      return undefined;
    }
  };
  const services = daemon.state === "running" ? daemon.addresses : undefined;
  const stateProblem = daemonProblem(settings, daemon);
  if (stateProblem) problems.push(stateProblem);

  const [outputs, apiKey] = await Promise.all([
    answer("the stack's outputs", () => stackOutputs(settings)),
    services ? answer("the stack's configuration", () => mackerelApiKey(settings)) : undefined,
  ]);
  const { nomadAddress, caCertificate, managementToken, blogAddresses = [] } = outputs ?? {};
  const [nomad, hosts, blog] = await Promise.all([
    services && nomadAddress && caCertificate && managementToken
      ? answer("Nomad", () => readNomad({ address: nomadAddress, caCertificate, token: managementToken }))
      : undefined,
    services && apiKey ? answer("Mackerel", () => readHosts(services.mackerel, apiKey)) : undefined,
    services ? answer("the blog", () => readBlog(blogAddresses)) : undefined,
  ]);
  if (services && outputs && !nomadAddress)
    problems.push("the cluster is not made yet: `npm start` goes on with it");
  return statusReport({ outputs, nomad, hosts, blog, services, plugins, problems });
}

/** Outputs of the stack in clear text, empty before its first update. */
export async function stackOutputs(settings: SandboxSettings): Promise<StackOutputs> {
  if (!existsSync(stackConfigFile(settings))) return {};
  const cli = await pulumiCli(settings);
  return JSON.parse(await cli.output(["stack", "output", "--json", "--show-secrets"])) as StackOutputs;
}

/** From the stack, whose owner may have changed it. */
async function mackerelApiKey(settings: SandboxSettings): Promise<string | undefined> {
  if (!existsSync(stackConfigFile(settings))) return undefined;
  const cli = await pulumiCli(settings);
  const text = await cli.output([
    ...["config", "--config-file", stackConfigFile(settings), "--json", "--show-secrets"],
  ]);
  const values = JSON.parse(text) as Record<string, { value?: string }>;
  return values["nomad-digitalocean:mackerelApiKey"]?.value;
}

function daemonProblem(settings: SandboxSettings, daemon: DaemonState): string | undefined {
  switch (daemon.state) {
    case "running":
      return undefined;
    case "starting":
      return "the sandbox is starting";
    case "stopped":
      return "the sandbox is stopped: `npm start` goes on from its state";
    case "crashed":
      return `the sandbox's background process ended unexpectedly: ${daemonLog(settings)} says why, \`npm start\` starts it again`;
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.trim().split("\n").at(-1) ?? error.name;
}
