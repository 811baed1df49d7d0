import { adminGuard, adminMaps } from "./admin.ts";
import { cacheVariables } from "./cache.ts";
import { clientVariables } from "./clients.ts";
import { nginxFiles } from "./files.ts";
import { geo } from "./geo.ts";
import { headerVariables } from "./headers.ts";
import type { HeaderSettings } from "./headers.ts";
import { limitVariables } from "./limits.ts";
import type { LimitSettings } from "./limits.ts";
import { socialWebLocations } from "./social-web.ts";
import { ownLocations, peerLocation, siteLocations } from "./locations.ts";

export interface SiteConfigurationArgs extends LimitSettings, HeaderSettings {
  readonly httpPort: number;
  /** With TLS: the port that answers, while `httpPort` redirects to it. */
  readonly httpsPort: number | undefined;
  /** Largest size of the cache, in MiB. */
  readonly cacheSize: number;
  /** Who is believed what it says of a client's address and scheme. */
  readonly trustedProxies: readonly string[];
  /** Who may reach Ghost's administration. */
  readonly adminCidrs: readonly string[];
  /** Whether the social web reaches Ghost's service for it. */
  readonly socialWeb: boolean;
  /** Further text of the servers that answer readers. */
  readonly serverText: string;
  /** Path of the blog's URL, without a slash at its end: empty, or for example `/blog`. */
  readonly basePath: string;
}

/**
 * What nginx does with requests: the part of its configuration that may change while it runs, for the `http` block. File
 * names are relative to the task's directory.
 */
export function siteConfiguration(args: SiteConfigurationArgs): string {
  const { httpsPort, trustedProxies, basePath, cacheSize } = args;
  return `  # Without the query: links that sign a reader in carry their token there.
  map $request_uri $request_path {
    "~^(?<path>[^?]*)" $path;
  }
  log_format main '$remote_addr [$time_iso8601] $request_method $request_path $server_protocol '
    '$status $body_bytes_sent bytes $request_time s, upstream $upstream_addr $upstream_status $upstream_cache_status';
  access_log /dev/stdout main;
  server_tokens off;
${clientVariables(trustedProxies)}${adminMaps(args)}${geo("$realip_remote_addr", "$is_of_this_node", ["127.0.0.0/8"])}${limitVariables(args)}${headerVariables(args)}${cacheVariables(basePath, cacheSize)}
${httpsPort === undefined ? plainServer(args) : tlsServers({ ...args, httpsPort })}
  # What other instances ask.
  server {
    include ${nginxFiles.peersAddress};
${adminGuard}${peerLocation}  }
`;
}

function plainServer(args: SiteConfigurationArgs): string {
  return `  server {
    listen ${args.httpPort} default_server;
${locations(args)}  }
`;
}

function locations(args: SiteConfigurationArgs, before = ""): string {
  const { serverText, socialWeb } = args;
  return `${adminGuard}${ownLocations}${socialWeb ? socialWebLocations : ""}${serverText === "" ? "" : `\n${serverText}\n`}${siteLocations(args, before)}`;
}

function tlsServers(args: SiteConfigurationArgs & { readonly httpsPort: number }): string {
  const { httpPort, httpsPort } = args;
  const certificate = `../secrets/${nginxFiles.certificate}`;
  const redirect = `      # A trusted proxy may have taken the request by https. Unlike 301, 308 keeps the method and the body.
      if ($client_scheme = http) {
        return 308 https://$host${httpsPort === 443 ? "" : `:${httpsPort}`}$request_uri;
      }
`;
  return `  server {
    listen ${httpPort} default_server;
${locations(args, redirect)}  }

  server {
    # From 1.25.1 on nginx warns that it prefers "http2 on", which earlier versions do not know.
    listen ${httpsPort} ssl http2 default_server;
    ssl_certificate ${certificate};
    ssl_certificate_key ${certificate};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
    ssl_session_cache shared:tls:2m;
    ssl_session_tickets off;
${locations(args)}  }
`;
}
