import { nginxFiles } from "./files.ts";

/** Label of the port on which instances of nginx ask each other. Nomad chooses it, so the firewall opens it to nodes only. */
export const peersPort = "peers";

/** File of the directive that has nginx listen there. */
export const peersAddress = `listen {{ env "NOMAD_ADDR_${peersPort}" }};\n`;

/** What is known only where nginx runs. */
export interface MachineFacts {
  /** Absolute path. */
  readonly taskDirectory: string;
  /** `server` lines of the instances to which requests go. */
  readonly serviceServers: string;
  /** `server` lines of the other instances of nginx. */
  readonly peerServers: string;
  /** Lines of a `geo` block, 1 for the addresses that other instances ask from. */
  readonly peerAddresses: string;
  /** `1` if this instance is about to end and others go on, else `0`. */
  readonly isLeaving: string;
}

/** The facts as expressions of a Nomad template, which service discovery keeps true. */
export function nomadFacts(upstreamService: string, peersService: string): MachineFacts {
  return {
    taskDirectory: '{{ env "NOMAD_TASK_DIR" }}',
    serviceServers: `{{- range nomadService "${upstreamService}" }}
    server {{ .Address }}:{{ .Port }} fail_timeout=5s;
{{- else }}
    # No instance is registered. nginx refuses an empty list; one that is down is never connected to.
    server 127.0.0.1:9 down;
{{- end }}`,
    peerServers: `{{- range nomadService "${peersService}" }}
{{- $peer := printf "%s:%v" .Address .Port }}
{{- if ne $peer (env "NOMAD_ADDR_${peersPort}") }}
    server {{ $peer }} max_fails=0;
{{- end }}
{{- end }}`,
    peerAddresses: `{{- range nomadService "${peersService}" }}
    {{ .Address }} 1;
{{- end }}`,
    // Nomad takes an instance out of its services before it stops it, and waits for the group's shutdown_delay in between. If
    // no other instance is registered either, this one is all that readers have.
    isLeaving: `{{ $isRegistered := false }}{{ $hasPeers := false }}
{{- range nomadService "${peersService}" }}
{{- if eq (printf "%s:%v" .Address .Port) (env "NOMAD_ADDR_${peersPort}") }}{{ $isRegistered = true }}{{ else }}{{ $hasPeers = true }}{{ end }}
{{- end }}
{{- if and $hasPeers (not $isRegistered) }}1{{ else }}0{{ end }}`,
  };
}

/**
 * nginx.conf: what the machine decides. The rest is in a file beside it, see `siteConfiguration`. Valid from nginx 1.22 on.
 * Files are written only below the task's directory, logs go to stdout and stderr.
 */
export function mainConfiguration(facts: MachineFacts): string {
  const { taskDirectory, serviceServers, peerServers, peerAddresses, isLeaving } = facts;
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

  upstream peers {
    zone peers 64k;
${peerServers}
    # nginx refuses an empty list; one that is down is never connected to.
    server 127.0.0.1:9 down;
  }
  upstream nowhere {
    server 127.0.0.1:9 down;
  }
  geo $realip_remote_addr $is_peer {
    default 0;
${peerAddresses}
  }
  geo $is_leaving {
    default ${isLeaving};
  }

  include ${nginxFiles.site};
}
`;
}
