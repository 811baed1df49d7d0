import { daemonLog } from "../daemon/daemon-record.ts";
import { sandboxNames } from "../domains/sandbox-names.ts";
import type { Sandbox } from "../sandbox.ts";
import { nomadCli } from "../stack/nomad-cli.ts";
import { blogUrls } from "./blog-urls.ts";
import { readHosts } from "./mackerel-hosts.ts";
import { readBlog } from "./read-blog.ts";
import { statusReport } from "./status-report.ts";
import type { StatusReport } from "./status-report.ts";

/** The setting with the API key of Mackerel, which the stack's owner may have changed. */
export const mackerelApiKey = "nomad-digitalocean:mackerelApiKey";

/** Reads everything live. What does not answer is named in the report's `problems`. */
export async function readStatus(sandbox: Sandbox): Promise<StatusReport> {
  const { services, settings, stack, tools } = sandbox;
  const stateProblem = daemonProblem(sandbox);
  const problems: string[] = stateProblem === undefined ? [] : [stateProblem];
  const answer = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      problems.push(`${what}: ${reason(error)}`);
      return undefined;
    }
  };

  const [outputs, apiKey] = await Promise.all([
    answer("the stack's outputs", () => stack.outputs()),
    services ? answer("the stack's configuration", () => stack.config(mackerelApiKey)) : undefined,
  ]);
  const { nomadAddress, caCertificate, managementToken } = outputs ?? {};
  const [nomad, hosts, blog] = await Promise.all([
    services && nomadAddress && caCertificate && managementToken
      ? answer("Nomad", async () => (await nomadCli(sandbox, outputs ?? {})).list())
      : undefined,
    services && apiKey ? answer("Mackerel", () => readHosts(services.mackerel, apiKey)) : undefined,
    services
      ? answer("the blog", async () => {
          const names = sandboxNames(settings, services.gateway);
          return readBlog(await blogUrls(outputs ?? {}, names), names.connection());
        })
      : undefined,
  ]);
  if (services && outputs && !nomadAddress)
    problems.push("the cluster is not made yet: `npm start` goes on with it");
  return statusReport({ outputs, nomad, hosts, blog, services, plugins: tools.plugins, problems });
}

function daemonProblem({ daemon, settings }: Sandbox): string | undefined {
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
