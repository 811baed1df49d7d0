import { nginxFiles } from "./files.ts";

/** What is known only where nginx runs. */
export interface MachineFacts {
  /** Absolute path. */
  readonly taskDirectory: string;
  /** `server` lines of the instances to which requests go. */
  readonly serviceServers: string;
}

/** The facts as expressions of a Nomad template, which service discovery keeps true. */
export function nomadFacts(upstreamService: string): MachineFacts {
  return {
    taskDirectory: '{{ env "NOMAD_TASK_DIR" }}',
    serviceServers: `{{- range nomadService "${upstreamService}" }}
    server {{ .Address }}:{{ .Port }} fail_timeout=5s;
{{- else }}
    # No instance is registered. nginx refuses an empty list; one that is down is never connected to.
    server 127.0.0.1:9 down;
{{- end }}`,
  };
}

/**
 * nginx.conf: what the machine decides. The rest is in a file beside it, see `siteConfiguration`. Valid from nginx 1.22 on.
 * Files are written only below the task's directory, logs go to stdout and stderr.
 */
export function mainConfiguration({ taskDirectory, serviceServers }: MachineFacts): string {
  return `daemon off;
# Not one for each CPU: with 2 x 1024 connections the task stays below its memory on every node.
worker_processes 2;
worker_rlimit_nofile 4096;
# Old workers end within Nomad's limit on a task's end, however slow their last client is.
worker_shutdown_timeout 25s;
pid ${taskDirectory}/nginx.pid;
error_log stderr;

events {
  worker_connections 1024;
}

http {
  client_body_temp_path ${taskDirectory}/client-body;
  proxy_temp_path ${taskDirectory}/proxy;
  fastcgi_temp_path ${taskDirectory}/fastcgi;
  uwsgi_temp_path ${taskDirectory}/uwsgi;
  scgi_temp_path ${taskDirectory}/scgi;

  upstream service {
    zone service 64k;
${serviceServers}
    keepalive 16;
    # Node.js closes idle connections after 5 s; one that it closes as a POST arrives would fail the POST.
    keepalive_timeout 4s;
  }

  include ${nginxFiles.site};
}
`;
}
