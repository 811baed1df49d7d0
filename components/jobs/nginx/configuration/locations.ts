import { nginxFiles } from "./files.ts";

/** Answered with 200 by nginx itself, on the HTTP port, with TLS or without. */
export const healthPath = "/nginx-health";

/** Seconds after which a client that got the holding page should ask again. */
const retryAfter = 10;

export const healthLocation = `
    location = ${healthPath} {
      access_log off;
      default_type text/plain;
      return 200 ok;
    }
`;

/** Ghost compresses its answers itself, so nginx passes Accept-Encoding on and does not compress. */
export const proxyDirectives = `      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      # What a client says of proxies before nginx is replaced.
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $client_scheme;
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
`;

export const holdingPageLocation = `
    location = /nginx-holding-page {
      internal;
      alias ${nginxFiles.holdingPage};
      default_type text/html;
      charset utf-8;
      add_header Retry-After ${retryAfter} always;
      add_header Cache-Control no-store always;
    }
`;
