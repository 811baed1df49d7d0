import { cacheDirectives, cacheStore } from "./cache.ts";
import { nginxFiles } from "./files.ts";
import { headerDirectives } from "./headers.ts";
import { limitDirectives } from "./limits.ts";
import type { LimitSettings } from "./limits.ts";

/** Answered by nginx itself, on the HTTP port, with TLS or without: 200, and 503 by an instance that is about to end. */
export const healthPath = "/nginx-health";
/** nginx's counters, for a program on the same node. */
const statusPath = "/nginx-status";

/** Seconds after which a client that got the holding page should ask again. */
const retryAfter = 10;

export const ownLocations = `
    location = ${healthPath} {
      access_log off;
      default_type text/plain;
      if ($is_leaving) {
        return 503;
      }
      return 200 ok;
    }

    location = ${statusPath} {
      # The connection's address as well as the client's: a proxy of this node may pass others' requests on.
      if ($is_of_this_node = 0) {
        return 403;
      }
      allow 127.0.0.0/8;
      deny all;
      access_log off;
      stub_status;
    }
`;

/** Ghost compresses its answers itself, so nginx does not. */
function proxyDirectives(client: string, scheme: string): string {
  return `      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      # What a client says of proxies before nginx is replaced.
      proxy_set_header X-Real-IP ${client};
      proxy_set_header X-Forwarded-For ${client};
      proxy_set_header X-Forwarded-Proto ${scheme};
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header Forwarded "";
      proxy_hide_header X-Powered-By;
      proxy_buffer_size 8k;
      proxy_buffers 4 8k;
      # A request that may have had an effect (POST, PATCH) is not sent to another instance.
`;
}

/** Seconds that a reader waits for Ghost before an old page is shown, if any instance has one. */
const quickAnswer = 3;
/** Seconds that a reader waits for Ghost if there is none. */
const anyAnswer = 60;

const askGhost = (seconds: number) => `      proxy_pass http://service;
      proxy_send_timeout 60s;
      proxy_read_timeout ${seconds}s;
      proxy_next_upstream error timeout;
`;

/** Inside a location: from the cache or from Ghost. */
function siteDirectives(limits: LimitSettings, seconds: number): string {
  return `${limitDirectives(limits)}${proxyDirectives("$remote_addr", "$client_scheme")}${askGhost(seconds)}      proxy_connect_timeout 3s;
${cacheDirectives("$client_scheme")}      proxy_hide_header Cache-Control;
      add_header Cache-Control $cache_control always;
${headerDirectives}      proxy_intercept_errors on;
      recursive_error_pages on;
`;
}

/**
 * What readers get: from the cache or from Ghost, then from another nginx, then the holding page. A Ghost that has just
 * started takes seconds to answer, in which an old page is better, of this nginx or of another; if none has one, Ghost is
 * asked again and waited for.
 */
export const siteLocations = (limits: LimitSettings, before = "") => `
    location / {
${before}${siteDirectives(limits, quickAnswer)}      error_page 502 503 = @peers;
      error_page 504 = @copies;
      # Nobody has an old page of theirs, and their requests may have effects.
      if ($is_personal) {
        return 504;
      }
    }

    location @copies {
      if ($is_personal) {
        return 504;
      }
      if ($is_reloaded) {
        return 504;
      }
${proxyDirectives("$remote_addr", "$client_scheme")}      proxy_pass http://peers;
      proxy_set_header Cache-Control only-if-cached;
      proxy_set_header Accept-Encoding $accepted_encoding;
      proxy_connect_timeout 300ms;
      proxy_read_timeout 1s;
      # An instance that has not heard of this one yet says 403.
      proxy_next_upstream error timeout http_403 http_500 http_502 http_503 http_504;
      proxy_hide_header Cache-Control;
      add_header Cache-Control $cache_control always;
${headerDirectives}      proxy_intercept_errors on;
      recursive_error_pages on;
      error_page 403 500 502 503 504 = @patient;
    }

    location @patient {
${siteDirectives(limits, anyAnswer)}      error_page 502 503 504 = @peers;
    }

    location @peers {
      # Of other readers than plain ones no other nginx has anything, and their requests may have effects.
      if ($is_personal) {
        return 503;
      }
      # Who wants to know what Ghost says now wants no copy.
      if ($is_reloaded) {
        return 503;
      }
${proxyDirectives("$remote_addr", "$client_scheme")}      proxy_pass http://peers;
      # So that there is an old page for when Ghost is back and slow.
${cacheStore("$client_scheme")}      proxy_set_header Accept-Encoding $accepted_encoding;
      proxy_connect_timeout 1s;
      proxy_read_timeout 8s;
      # An instance that has not heard of this one yet says 403.
      proxy_next_upstream error timeout http_403 http_500 http_502 http_503 http_504;
      proxy_next_upstream_timeout 10s;
      proxy_hide_header Cache-Control;
      add_header Cache-Control $cache_control always;
${headerDirectives}      proxy_intercept_errors on;
      recursive_error_pages on;
      error_page 403 500 502 503 504 =503 /nginx-holding-page;
    }

    location = /nginx-holding-page {
      internal;
      alias ${nginxFiles.holdingPage};
      default_type text/html;
      charset utf-8;
      add_header Retry-After ${retryAfter} always;
      add_header Cache-Control no-store always;
${headerDirectives}    }
`;

/**
 * What another nginx is told: from the cache or from Ghost, and no further, so that no question goes in a circle. With
 * `only-if-cached` (RFC 9111, section 5.2.1.7) from the cache, however old, or 502.
 */
export const peerLocation = `
    location / {
      if ($is_peer = 0) {
        return 403;
      }
      error_page 418 = @cached;
      if ($http_cache_control = only-if-cached) {
        return 418;
      }
${proxyDirectives("$http_x_forwarded_for", "$http_x_forwarded_proto")}${askGhost(anyAnswer)}      proxy_connect_timeout 1s;
${cacheDirectives("$http_x_forwarded_proto")}    }

    location @cached {
      # nginx has no way to say "from the cache only": this upstream is never connected to.
      proxy_pass http://nowhere;
${cacheDirectives("$http_x_forwarded_proto")}    }
`;
