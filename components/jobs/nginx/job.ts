import { readFileSync } from "node:fs";
import type { ApiJob } from "../spec/api-job.ts";
import type { ChangeCommand, TaskGroup, Template } from "../spec/job.ts";
import { taskGroup } from "../spec/job.ts";
import { healthPath, nginxConfiguration, nginxFiles } from "./configuration.ts";
import type { NginxArgs } from "./nginx.ts";
import { serviceJob, systemJob } from "../spec/render.ts";
import { variablePath } from "../spec/variable-path.ts";

/** {@link NginxArgs} that are known before anything is created, with `tls` only as a fact. */
export interface NginxJobArgs extends Omit<NginxArgs, "connection" | "tls"> {
  readonly datacenter: string;
  readonly tls: boolean;
}

/** What is taken for settings that are left out. */
export const nginxDefaults = {
  jobId: "nginx",
  type: "system",
  count: 1,
  // Newest of the stable branch.
  image: "nginx:1.30.7",
  httpPort: 80,
  httpsPort: 443,
  upstreamService: "ghost",
  priority: 80,
  maxBodySize: 64,
  cpu: 100,
  memory: 128,
} as const;

/** Ports that nginx answers on, which a firewall has to let through. */
export function nginxPorts(args: Pick<NginxArgs, "httpPort" | "httpsPort"> & { tls?: unknown }): number[] {
  const { httpPort = nginxDefaults.httpPort, httpsPort = nginxDefaults.httpsPort } = args;
  return args.tls ? [httpPort, httpsPort] : [httpPort];
}

/** The job, rendered. It names the certificate's Variable, never the certificate or its key. */
export function nginxJob(args: NginxJobArgs): ApiJob {
  const { jobId = nginxDefaults.jobId, type = nginxDefaults.type, datacenter } = args;
  const job = {
    id: jobId,
    priority: args.priority ?? nginxDefaults.priority,
    datacenters: [datacenter],
    // One node after another: the others answer meanwhile.
    update: { maxParallel: 1, minHealthyTime: "10s", healthyDeadline: "3m", progressDeadline: "10m" },
  };
  const group = nginxGroup(args, jobId);
  if (type === "system") return systemJob({ ...job, groups: { [jobId]: group } });
  return serviceJob({
    ...job,
    groups: {
      [jobId]: {
        ...group,
        count: args.count ?? nginxDefaults.count,
        reschedule: { delay: "5s", maxDelay: "1m" },
      },
    },
  });
}

function nginxGroup(args: NginxJobArgs, jobId: string): TaskGroup {
  const [httpPort = nginxDefaults.httpPort, httpsPort] = nginxPorts(args);
  const ports: Record<string, { static: number }> = {
    http: { static: httpPort },
    ...(httpsPort !== undefined && { https: { static: httpsPort } }),
  };
  return taskGroup({
    ports,
    services: [
      {
        name: jobId,
        port: "http",
        check: {
          path: healthPath,
          interval: "5s",
          timeout: "2s",
          restart: { limit: 3, grace: "30s" },
        },
      },
    ],
    restart: { attempts: 5, interval: "1m", delay: "1s", mode: args.type === "service" ? "fail" : "delay" },
    tasks: {
      nginx: {
        image: args.image ?? nginxDefaults.image,
        // By its path: the image's start script rewrites its own configuration for a plain "nginx", which is not used.
        command: "/usr/sbin/nginx",
        // Until the configuration is read, errors go to a file of the image if nothing else is said.
        args: ["-e", "stderr", "-c", `\${NOMAD_TASK_DIR}/${nginxFiles.configuration}`],
        // The reserved address arrives on another interface than the one that Nomad publishes ports on.
        networkMode: "host",
        templates: templates(args, jobId, httpPort, httpsPort),
        resources: { cpu: args.cpu ?? nginxDefaults.cpu, memory: args.memory ?? nginxDefaults.memory },
        // Requests that are under way end first.
        killSignal: "SIGQUIT",
        killTimeout: "30s",
      },
    },
  });
}

/** Reads configuration and certificate again. One that starts just now has no process yet to be told so. */
const reload: ChangeCommand = {
  command: "/bin/sh",
  args: [
    "-c",
    `for try in 1 2 3 4 5; do /usr/sbin/nginx -e stderr -c "$NOMAD_TASK_DIR/${nginxFiles.configuration}" -s reload && exit; sleep 1; done; exit 1`,
  ],
  timeout: "30s",
};

function templates(
  args: NginxJobArgs,
  jobId: string,
  httpPort: number,
  httpsPort: number | undefined,
): Template[] {
  const holdingPage =
    args.holdingPage ?? readFileSync(new URL("files/holding-page.html", import.meta.url), "utf8");
  return [
    {
      text: nginxConfiguration({
        upstreamService: args.upstreamService ?? nginxDefaults.upstreamService,
        httpPort,
        ...(httpsPort !== undefined && { httpsPort }),
        maxBodySize: args.maxBodySize ?? nginxDefaults.maxBodySize,
      }),
      destination: `local/${nginxFiles.configuration}`,
      onChange: reload,
      // A reload costs little, and until it happens readers see the holding page.
      splay: "0s",
    },
    {
      // Braces that would open a template are text here.
      text: holdingPage.replaceAll("{{", '{{ "{{" }}'),
      destination: `local/${nginxFiles.holdingPage}`,
      onChange: "noop",
    },
    ...(httpsPort === undefined
      ? []
      : [
          {
            text: `{{ with nomadVar "${variablePath(jobId)}" }}{{ .certificate.Value }}\n{{ .privateKey.Value }}\n{{ end }}`,
            destination: `secrets/${nginxFiles.certificate}`,
            permissions: "0400",
            onChange: reload,
          },
        ]),
  ];
}
