import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { ApiJob } from "../../../components/jobs/spec/api-job.ts";
import { nginxJob, nginxSite } from "../rendered-jobs.ts";
import type { NginxJobArgs } from "../rendered-jobs.ts";
import type { NomadAgent } from "./dev-agent.ts";

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own. Certificates are checked against `ca`. */
export function ask(url: string, options: https.RequestOptions = {}, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = (url.startsWith("https:") ? https : http).request(
      url,
      { agent: false, ...options },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** A web server of the test that says what it was asked, and keeps `/held` waiting until it is released. */
export interface Upstream {
  readonly port: number;
  /** Paths that it was asked for. */
  readonly asked: string[];
  /** Resolves when somebody waits for `/held`; the result lets them go. */
  held(): Promise<() => void>;
  /** Stops listening, as a program that crashed. */
  close(): Promise<void>;
  /** Listens again on the same port. */
  open(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const asked: string[] = [];
  let port = 0;
  let onHeld: (release: () => void) => void = () => undefined;
  const server = http.createServer((request, response) => {
    const { url = "", headers } = request;
    asked.push(url);
    response.setHeader("X-Powered-By", "Express");
    const answer = () => response.end(JSON.stringify({ port, headers }));
    request.resume().on("end", () => {
      if (url === "/held") onHeld(answer);
      else if (url === "/missing") response.writeHead(404).end("the upstream's own 404");
      else answer();
    });
  });
  const open = () =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  await open();
  port = (server.address() as AddressInfo).port;
  return {
    port,
    asked,
    held: () => new Promise((resolve) => (onHeld = resolve)),
    open,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Registers a service at a port of this machine, by a job whose own program only sleeps. */
export async function registerService(agent: NomadAgent, service: string, port: number): Promise<void> {
  const task = {
    Name: "sleep",
    Driver: "raw_exec",
    Config: { command: "/bin/sleep", args: ["infinity"] },
    Resources: { CPU: 20, MemoryMB: 16 },
  };
  const group = {
    Name: service,
    Networks: [{ Mode: "host", ReservedPorts: [{ Label: "http", Value: port }] }],
    Services: [{ Name: service, Provider: "nomad", PortLabel: "http" }],
    Tasks: [task],
  };
  await submit(agent, { ID: service, Type: "service", Datacenters: ["dc1"], TaskGroups: [group] });
}

export interface NomadNginx {
  readonly jobId: string;
  /** What its only allocation's task has been through. */
  task(): Promise<{
    Restarts: number;
    State: string;
    Events: { Type: string; DisplayMessage: string }[];
  }>;
  log(stream: "stdout" | "stderr"): Promise<string>;
  /** Changes what the job's Variable says of these arguments, as an update of the component does. */
  configure(changed: Partial<Omit<NginxJobArgs, "datacenter">>): Promise<void>;
}

/** Sets items of a job's Variable, and leaves its others as they are. */
export async function setVariable(
  agent: NomadAgent,
  jobId: string,
  items: Readonly<Record<string, string>>,
): Promise<void> {
  const path = `nomad/jobs/${jobId}`;
  const found = await agent.call("GET", `/v1/var/${path}`);
  const there = found.ok ? ((await found.json()) as { Items: Record<string, string> }).Items : {};
  const answer = await agent.call("PUT", `/v1/var/${path}`, { Path: path, Items: { ...there, ...items } });
  if (!answer.ok) throw new Error(`Nomad refuses the variable: ${await answer.text()}`);
}

/** Runs the job that the component declares, with its templates, but with nginx of this machine in place of a container. */
export async function runNginx(
  agent: NomadAgent,
  args: Omit<NginxJobArgs, "datacenter">,
): Promise<NomadNginx> {
  const job = nginxJob({ ...args, datacenter: "dc1" });
  await setVariable(agent, job.ID, nginxSite(args));
  await submit(agent, onThisMachine(job));
  const allocation = async () => {
    const answer = await agent.call("GET", `/v1/job/${job.ID}/allocations`);
    const [first, ...others] = (await answer.json()) as { ID: string; TaskStates: Record<string, never> }[];
    if (first === undefined || others.length > 0) throw new Error(`${job.ID} has not one allocation`);
    return first;
  };
  return {
    jobId: job.ID,
    task: async () => (await allocation()).TaskStates["nginx"]!,
    configure: (changed) => setVariable(agent, job.ID, nginxSite({ ...args, ...changed })),
    async log(stream) {
      const { ID } = await allocation();
      const path = `/v1/client/fs/logs/${ID}?task=nginx&type=${stream}&origin=start&plain=true`;
      return (await agent.call("GET", path)).text();
    },
  };
}

function onThisMachine(job: ApiJob): object {
  return {
    ...job,
    TaskGroups: job.TaskGroups.map((group) => ({
      ...group,
      Tasks: group.Tasks.map(({ Config: { command, args }, ...task }) => ({
        ...task,
        Driver: "raw_exec",
        Config: { command, args },
        // What Docker sends, as the image says.
        KillSignal: "SIGQUIT",
      })),
    })),
  };
}

/** Registers a job, or its new version. */
export async function submit(agent: NomadAgent, job: object): Promise<void> {
  const answer = await agent.call("POST", "/v1/jobs", { Job: job });
  if (!answer.ok) throw new Error(`Nomad refuses the job: ${await answer.text()}`);
}
