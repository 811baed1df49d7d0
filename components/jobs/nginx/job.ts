import { readFileSync } from "node:fs";
import type { ApiJob } from "../spec/api-job.ts";
import type { ChangeCommand, TaskGroup, Template } from "../spec/job.ts";
import { taskGroup, variablePath } from "../spec/job.ts";
import { healthPath, nginxConfiguration, nginxFiles } from "./configuration.ts";
import { serviceJob, systemJob } from "../spec/render.ts";
import { nginxPorts } from "./defaults.ts";
import type { ResolvedNginxArgs } from "./defaults.ts";

/** The job, rendered. It names the certificate's Variable, never the certificate or its key. */
export function nginxJob(args: ResolvedNginxArgs, datacenter: string): ApiJob {
  const { jobId, priority, type, count } = args;
  const job = {
    id: jobId,
    priority,
    datacenters: [datacenter],
    // One node after another: the others answer meanwhile.
    update: { maxParallel: 1, minHealthyTime: "10s", healthyDeadline: "3m", progressDeadline: "10m" },
  };
  const group = nginxGroup(args);
  if (type === "system") return systemJob({ ...job, groups: { [jobId]: group } });
  return serviceJob({
    ...job,
    groups: { [jobId]: { ...group, count, reschedule: { delay: "5s", maxDelay: "1m" } } },
  });
}

function nginxGroup(args: ResolvedNginxArgs): TaskGroup {
  const { jobId, type, image, cpu, memory } = args;
  const [http, https] = nginxPorts(args);
  const ports: Record<string, { static: number }> = {
    http: { static: http! },
    ...(https !== undefined && { https: { static: https } }),
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
    restart: { attempts: 5, interval: "1m", delay: "1s", mode: type === "service" ? "fail" : "delay" },
    tasks: {
      nginx: {
        image,
        // By its path: the image's start script rewrites its own configuration for a plain "nginx", which is not used.
        command: "/usr/sbin/nginx",
        // Until the configuration is read, errors go to a file of the image if nothing else is said.
        args: ["-e", "stderr", "-c", `\${NOMAD_TASK_DIR}/${nginxFiles.configuration}`],
        // The reserved address arrives on another interface than the one that Nomad publishes ports on.
        networkMode: "host",
        templates: templates(args),
        resources: { cpu, memory },
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

function templates(args: ResolvedNginxArgs): Template[] {
  const { jobId, upstreamService, maxBodySize, tls } = args;
  const [httpPort, httpsPort] = nginxPorts(args);
  const holdingPage =
    args.holdingPage ?? readFileSync(new URL("files/holding-page.html", import.meta.url), "utf8");
  return [
    {
      text: nginxConfiguration({
        upstreamService,
        httpPort: httpPort!,
        ...(httpsPort !== undefined && { httpsPort }),
        maxBodySize,
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
    ...(tls === undefined
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
