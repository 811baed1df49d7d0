export interface NginxConfigurationArgs {
  /** Nomad service to which requests go. */
  readonly upstreamService: string;
  readonly httpPort: number;
  /** Present with TLS: the port that answers, while `httpPort` redirects to it. */
  readonly httpsPort?: number;
  /** Largest request body, in MiB. */
  readonly maxBodySize: number;
}

/** Answered with 200 by nginx itself, on the HTTP port, with TLS or without. */
export const healthPath = "/nginx-health";
/** Files in the task's directories. */
export const nginxFiles = {
  configuration: "nginx.conf",
  holdingPage: "holding-page.html",
  /** Certificate chain and private key in one file, so that a reload never sees one without the other. */
  certificate: "tls.pem",
} as const;

const taskDirectory = '{{ env "NOMAD_TASK_DIR" }}';
const secretsDirectory = '{{ env "NOMAD_SECRETS_DIR" }}';

/** Seconds after which a client that got the holding page should ask again. */
const retryAfter = 10;

/**
 * nginx.conf as a Nomad template: Nomad's service discovery fills in the upstream, and nothing else in it changes while
 * the job stays. Valid from nginx 1.22 on. Files are written only below the task's directory, logs go to stdout and stderr.
 */
export function nginxConfiguration(args: NginxConfigurationArgs): string {
  const { upstreamService, httpPort, httpsPort, maxBodySize } = args;
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

  # Without the query: links that sign a reader in carry their token there.
  map $request_uri $request_path {
    "~^(?<path>[^?]*)" $path;
  }
  log_format main '$remote_addr [$time_iso8601] $request_method $request_path $server_protocol '
    '$status $body_bytes_sent bytes $request_time s, upstream $upstream_addr $upstream_status';
  access_log /dev/stdout main;

  server_tokens off;
  client_max_body_size ${maxBodySize}m;
  client_header_timeout 10s;
  client_body_timeout 30s;
  send_timeout 30s;
  keepalive_timeout 30s;
  large_client_header_buffers 4 8k;
  reset_timedout_connection on;

  upstream service {
    zone service 64k;
{{- range nomadService "${upstreamService}" }}
    server {{ .Address }}:{{ .Port }} fail_timeout=5s;
{{- else }}
    # No instance is registered. nginx refuses an empty list; one that is down is never connected to.
    server 127.0.0.1:9 down;
{{- end }}
    keepalive 16;
    # Node.js closes idle connections after 5 s; one that it closes as a POST arrives would fail the POST.
    keepalive_timeout 4s;
  }

${httpsPort === undefined ? plainServer(httpPort) : tlsServers(httpPort, httpsPort)}}
`;
}

function plainServer(httpPort: number): string {
  return `  server {
    listen ${httpPort} default_server;
${healthLocation}${proxyLocations}  }
`;
}

/** No Strict-Transport-Security: browsers keep it after TLS is gone, so it is for the owner of the domain to send. */
function tlsServers(httpPort: number, httpsPort: number): string {
  const certificate = `${secretsDirectory}/${nginxFiles.certificate}`;
  return `  server {
    listen ${httpPort} default_server;
${healthLocation}
    location / {
      # Unlike 301, 308 keeps the method and the body.
      return 308 https://$host${httpsPort === 443 ? "" : `:${httpsPort}`}$request_uri;
    }
  }

  server {
    # From 1.25.1 on nginx warns that it prefers "http2 on", which earlier versions do not know.
    listen ${httpsPort} ssl http2 default_server;
    ssl_certificate ${certificate};
    ssl_certificate_key ${certificate};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
    ssl_session_cache shared:tls:2m;
    ssl_session_tickets off;
${healthLocation}${proxyLocations}  }
`;
}

const healthLocation = `
    location = ${healthPath} {
      access_log off;
      default_type text/plain;
      return 200 ok;
    }
`;

/** Ghost compresses its answers itself, so nginx passes Accept-Encoding on and does not compress. */
const proxyLocations = `
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      # nginx is the first proxy: what a client says of proxies before it is replaced.
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header Forwarded "";
      proxy_hide_header X-Powered-By;
      proxy_connect_timeout 3s;
      proxy_send_timeout 60s;
      proxy_read_timeout 60s;
      proxy_buffer_size 8k;
      proxy_buffers 4 8k;
      # A request that may have had an effect (POST, PATCH) is not sent to another instance.
      proxy_next_upstream error timeout;
      proxy_intercept_errors on;
      error_page 502 503 504 =503 /nginx-holding-page;
    }

    location = /nginx-holding-page {
      internal;
      alias ${taskDirectory}/${nginxFiles.holdingPage};
      default_type text/html;
      charset utf-8;
      add_header Retry-After ${retryAfter} always;
      add_header Cache-Control no-store always;
    }
`;
