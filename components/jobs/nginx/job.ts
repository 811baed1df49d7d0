import { readFileSync } from "node:fs";
import { nanoseconds } from "../../duration.ts";
import type { ApiJob } from "../spec/api-job.ts";
import type { TaskGroup } from "../spec/job.ts";
import { taskGroup, variablePath } from "../spec/job.ts";
import type { ChangeCommand, Template } from "../spec/template.ts";
import { nginxFiles, nginxItems } from "./configuration/files.ts";
import { healthPath } from "./configuration/locations.ts";
import { mainConfiguration, nomadFacts, peersAddress, peersPort } from "./configuration/main.ts";
import { siteConfiguration } from "./configuration/site.ts";
import { serviceJob, systemJob } from "../spec/render.ts";
import { nginxPorts } from "./defaults.ts";
import type { ResolvedNginxArgs } from "./defaults.ts";
import { peersServiceName } from "./defaults.ts";

/**
 * The job, rendered. It names the Variable that holds the certificate, its key and what nginx does with requests, so that a
 * change of those leaves the job as it is and nginx running.
 */
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
  const { jobId, type, image, cpu, memory, shutdownDelay } = args;
  const [http, https] = nginxPorts(args);
  const ports: Record<string, { static?: number }> = {
    http: { static: http! },
    ...(https !== undefined && { https: { static: https } }),
    [peersPort]: {},
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
      { name: peersServiceName(jobId), port: peersPort },
    ],
    restart: { attempts: 5, interval: "1m", delay: "1s", mode: type === "service" ? "fail" : "delay" },
    ...(nanoseconds(shutdownDelay) > 0 && { shutdownDelay }),
    tasks: {
      nginx: {
        image,
        // By its path: the image's start script rewrites its own configuration for a plain "nginx", which is not used.
        command: "/usr/sbin/nginx",
        // Until the configuration is read, errors go to a file of the image if nothing else is said.
        args: [
          ...["-e", "stderr", "-p", "${NOMAD_TASK_DIR}"],
          ...["-c", `\${NOMAD_TASK_DIR}/${nginxFiles.main}`],
        ],
        // The reserved address arrives on another interface than the one that Nomad publishes ports on.
        networkMode: "host",
        templates: templates(args),
        security: {
          // Its first process opens the ports, gives its directories to the workers' user, becomes that, and signals them.
          capabilities: ["NET_BIND_SERVICE", "CHOWN", "SETUID", "SETGID", "KILL"],
          noNewPrivileges: true,
          // All that it writes is below the task's directory.
          readOnlyRoot: true,
          pidsLimit: 128,
        },
        resources: { cpu, memory },
        // Requests that are under way end first: the image's stop signal is SIGQUIT.
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
    `for try in 1 2 3 4 5; do /usr/sbin/nginx -e stderr -p "$NOMAD_TASK_DIR" -c "$NOMAD_TASK_DIR/${nginxFiles.main}" -s reload && exit; sleep 1; done; exit 1`,
  ],
  timeout: "30s",
};

function templates({ jobId, upstreamService, tls }: ResolvedNginxArgs): Template[] {
  const fromVariable = (text: string) => `{{ with nomadVar "${variablePath(jobId)}" }}${text}{{ end }}`;
  return [
    {
      text: mainConfiguration(nomadFacts(upstreamService, peersServiceName(jobId))),
      destination: `local/${nginxFiles.main}`,
      onChange: reload,
      // A reload costs little, and until it happens readers see the holding page.
      splay: "0s",
    },
    {
      text: peersAddress,
      destination: `local/${nginxFiles.peersAddress}`,
      onChange: "noop",
    },
    {
      text: fromVariable(`{{ .${nginxItems.site}.Value }}`),
      destination: `local/${nginxFiles.site}`,
      onChange: reload,
      splay: "0s",
    },
    {
      text: fromVariable(`{{ .${nginxItems.holdingPage}.Value }}`),
      destination: `local/${nginxFiles.holdingPage}`,
      onChange: "noop",
    },
    ...(tls === undefined
      ? []
      : [
          {
            text: fromVariable("{{ .certificate.Value }}\n{{ .privateKey.Value }}\n"),
            destination: `secrets/${nginxFiles.certificate}`,
            permissions: "0400",
            onChange: reload,
          },
        ]),
  ];
}

/** Items of the job's Variable beside those of the certificate. `furtherProxies` are trusted too. */
export function nginxSite(
  args: ResolvedNginxArgs,
  furtherProxies: readonly string[] = [],
): Record<keyof typeof nginxItems, string> {
  const trustedProxies = [...args.trustedProxies, ...furtherProxies];
  const [httpPort, httpsPort] = nginxPorts(args);
  return {
    site: siteConfiguration({
      ...args,
      httpPort: httpPort!,
      httpsPort,
      trustedProxies,
    }),
    holdingPage:
      args.holdingPage ?? readFileSync(new URL("files/holding-page.html", import.meta.url), "utf8"),
  };
}
