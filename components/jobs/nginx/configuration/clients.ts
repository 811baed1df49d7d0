import { geo } from "./geo.ts";

/** Who asks, and by which scheme: as a trusted proxy says, and nobody else. */
export function clientVariables(trustedProxies: readonly string[]): string {
  const proxies = [...new Set(trustedProxies)];
  const realIp =
    proxies.length === 0
      ? ""
      : `
${proxies.map((cidr) => `  set_real_ip_from ${cidr};\n`).join("")}  real_ip_header X-Forwarded-For;
  # The last address that no trusted proxy has is the client's; what is before it the client may have made up.
  real_ip_recursive on;
`;
  return `${realIp}${geo("$realip_remote_addr", "$is_trusted_proxy", proxies)}
  map "$is_trusted_proxy:$http_x_forwarded_proto" $client_scheme {
    default $scheme;
    "~*^1:https(?:,|$)" https;
    "~*^1:http(?:,|$)" http;
  }
`;
}
