import { adminGuard, adminMaps } from "./admin.ts";
import { clientVariables } from "./clients.ts";
import { nginxFiles } from "./files.ts";
import { healthLocation, holdingPageLocation, proxyDirectives } from "./locations.ts";

export interface SiteConfigurationArgs {
  readonly httpPort: number;
  /** Present with TLS: the port that answers, while `httpPort` redirects to it. */
  readonly httpsPort?: number;
  /** Largest request body, in MiB. */
  readonly maxBodySize: number;
  /** Who is believed what it says of a client's address and scheme. */
  readonly trustedProxies: readonly string[];
  /** Who may reach Ghost's administration. */
  readonly adminCidrs: readonly string[];
  /** Path of the blog's URL, without a slash at its end: empty, or for example `/blog`. */
  readonly basePath: string;
}

/**
 * What nginx does with requests: the part of its configuration that may change while it runs, for the `http` block. File
 * names are relative to the task's directory.
 */
export function siteConfiguration(args: SiteConfigurationArgs): string {
  const { httpPort, httpsPort, maxBodySize, trustedProxies, adminCidrs, basePath } = args;
  return `  # Without the query: links that sign a reader in carry their token there.
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
${clientVariables(trustedProxies)}${adminMaps(adminCidrs, basePath)}
${httpsPort === undefined ? plainServer(httpPort) : tlsServers(httpPort, httpsPort)}`;
}

const locations = `${adminGuard}${healthLocation}
    location / {
${proxyDirectives}    }
${holdingPageLocation}`;

function plainServer(httpPort: number): string {
  return `  server {
    listen ${httpPort} default_server;
${locations}  }
`;
}

/** No Strict-Transport-Security: browsers keep it after TLS is gone, so it is for the owner of the domain to send. */
function tlsServers(httpPort: number, httpsPort: number): string {
  const certificate = `../secrets/${nginxFiles.certificate}`;
  return `  server {
    listen ${httpPort} default_server;
${adminGuard}${healthLocation}
    location / {
      # A trusted proxy may have taken the request by https. Unlike 301, 308 keeps the method and the body.
      if ($client_scheme = http) {
        return 308 https://$host${httpsPort === 443 ? "" : `:${httpsPort}`}$request_uri;
      }
${proxyDirectives}    }
${holdingPageLocation}  }

  server {
    # From 1.25.1 on nginx warns that it prefers "http2 on", which earlier versions do not know.
    listen ${httpsPort} ssl http2 default_server;
    ssl_certificate ${certificate};
    ssl_certificate_key ${certificate};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
    ssl_session_cache shared:tls:2m;
    ssl_session_tickets off;
${locations}  }
`;
}
