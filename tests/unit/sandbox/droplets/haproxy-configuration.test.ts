import { expect, test } from "vitest";
import type { HypervisorLoadBalancer } from "../../../../emulators/digitalocean/index.ts";
import { haproxyConfiguration } from "../../../../sandbox/droplets/load-balancers/haproxy-configuration.ts";
import { serverStates } from "../../../../sandbox/droplets/load-balancers/server-states.ts";
import { httpRule, loadBalancer } from "../../../support/digitalocean/load-balancer.ts";

const files = {
  ...{ socket: "/run/s", serverStates: "/state/server-states" },
  certificate: (port: number) => `/state/port-${port}.pem`,
};
const configuration = (fields: Partial<HypervisorLoadBalancer> = {}) =>
  haproxyConfiguration(loadBalancer(fields), files);
/** The lines of one section, without its title. */
const section = (title: string, fields: Partial<HypervisorLoadBalancer> = {}) => {
  const found = configuration(fields)
    .split("\n\n")
    .find((text) => text.trim().startsWith(`${title}\n`));
  return (found ?? "").trim().split("\n  ").slice(1);
};
const pem = { privateKey: "key", leafCertificate: "leaf", certificateChain: "" };
const https = { ...httpRule, entryProtocol: "https", entryPort: 443, certificate: pem } as const;
const passthrough = {
  ...httpRule,
  entryProtocol: "https",
  entryPort: 443,
  targetProtocol: "https",
  tlsPassthrough: true,
} as const;

test("HTTP is forwarded round robin, with what the targets are to know of the client, to those whose checks pass", () => {
  expect(section("frontend port-80")).toEqual([
    "mode http",
    "bind 198.18.0.10:80",
    "option idle-close-on-response",
    "option forwardfor",
    "http-request set-header X-Forwarded-Proto http",
    "http-request set-header X-Forwarded-Port 80",
    "default_backend port-80",
  ]);
  expect(section("backend port-80")).toEqual([
    "mode http",
    "balance roundrobin",
    "option http-server-close",
    "server droplet-1 10.20.0.2:8080 track checks/droplet-1",
    "server droplet-2 10.20.0.3:8080 track checks/droplet-2",
  ]);
  expect(section("backend checks")).toEqual([
    "mode http",
    "option httpchk",
    "http-check send meth GET uri /health",
    "timeout check 5s",
    "default-server inter 3s fall 2 rise 3",
    "server droplet-1 10.20.0.2:8080 check",
    "server droplet-2 10.20.0.3:8080 check",
  ]);
});

test.each<[string, string, Partial<HypervisorLoadBalancer>, string[]]>([
  ["least connections", "backend port-80", { algorithm: "least_connections" }, ["balance leastconn"]],
  [
    "the PROXY protocol",
    "backend port-80",
    { proxyProtocol: true },
    ["server droplet-1 10.20.0.2:8080 track checks/droplet-1 send-proxy"],
  ],
  [
    "TLS that ends here",
    "frontend port-443",
    { forwardingRules: [https] },
    [
      "bind 198.18.0.10:443 ssl crt /state/port-443.pem alpn http/1.1",
      "http-request set-header X-Forwarded-Proto https",
    ],
  ],
  [
    "HTTP/2",
    "frontend port-443",
    { forwardingRules: [{ ...https, entryProtocol: "http2" }] },
    ["bind 198.18.0.10:443 ssl crt /state/port-443.pem alpn h2,http/1.1"],
  ],
  [
    "a redirect",
    "frontend port-80",
    { forwardingRules: [httpRule, https], redirectHttpToHttps: true },
    ["http-request redirect scheme https code 307"],
  ],
  [
    "TLS that ends at the target",
    "frontend port-443",
    { forwardingRules: [passthrough] },
    ["mode tcp", "bind 198.18.0.10:443"],
  ],
  [
    "sticky sessions",
    "backend port-80",
    { stickySessions: { cookie: { name: "DO-LB", ttlSeconds: 300 } } },
    [
      "cookie DO-LB insert indirect nocache maxlife 300s",
      "server droplet-2 10.20.0.3:8080 track checks/droplet-2 cookie droplet-2",
    ],
  ],
  [
    "those who may not come in",
    "frontend port-80",
    { firewall: { allow: [], deny: ["ip:192.0.2.1", "cidr:198.51.100.0/24"] } },
    ["tcp-request connection reject if { src 192.0.2.1 198.51.100.0/24 }"],
  ],
  [
    "those who alone may come in",
    "frontend port-80",
    { firewall: { allow: ["cidr:192.0.2.0/24"], deny: [] } },
    ["tcp-request connection reject unless { src 192.0.2.0/24 }"],
  ],
  ["idle time", "defaults", { httpIdleTimeoutSeconds: 90 }, ["timeout client 90s", "timeout server 90s"]],
  [
    "strong ciphers",
    "global",
    { tlsCipherPolicy: "STRONG" },
    ["ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"],
  ],
  [
    "a check by TCP",
    "backend checks",
    { healthCheck: { ...loadBalancer().healthCheck, protocol: "tcp", path: "" } },
    ["mode tcp", "option tcp-check"],
  ],
  [
    "a check by HTTPS",
    "backend checks",
    { healthCheck: { ...loadBalancer().healthCheck, protocol: "https" } },
    ["server droplet-1 10.20.0.2:8080 check check-ssl verify none"],
  ],
])("%s", (_what, title, fields, lines) => {
  expect(section(title, fields)).toEqual(expect.arrayContaining(lines));
});

test.each<[string, string, Partial<HypervisorLoadBalancer>, RegExp]>([
  ["a redirect to nothing", "frontend port-80", { redirectHttpToHttps: true }, /redirect/],
  [
    "headers in what is passed through",
    "frontend port-443",
    { forwardingRules: [passthrough] },
    /X-Forwarded|forwardfor|idle-close/,
  ],
  [
    "a redirect of another port",
    "frontend port-81",
    { forwardingRules: [{ ...httpRule, entryPort: 81 }, https], redirectHttpToHttps: true },
    /redirect/,
  ],
  [
    "new connections for each request with keepalive",
    "backend port-80",
    { backendKeepalive: true },
    /http-server-close/,
  ],
])("no %s", (_what, title, fields, line) => {
  const lines = section(title, fields);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join("\n")).not.toMatch(line);
});

test.each(["udp", "http3"] as const)("%s is refused", (entryProtocol) => {
  expect(() => configuration({ forwardingRules: [{ ...httpRule, entryProtocol }] })).toThrow(entryProtocol);
});

const server = (dropletId: number, address: string) => ({ dropletId, address, port: 8080 });
const up = "4 checks 1 droplet-1 10.20.0.2 2 0 1 1 9 6 3 4 6 0 0 0 - 8080 - 0 0 - - 0";
const stateOf = (text: string, name: string) =>
  text
    .split("\n")
    .find((line) => line.includes(` ${name} `))
    ?.split(" ")[5];

test("a server keeps its state; one that is new, or whose name has another address now, is down until it is checked", () => {
  const servers = [server(1, "10.20.0.2"), server(2, "10.20.0.3")];
  const first = serverStates(servers);
  expect(first.split("\n").map((line) => line.split(" ").length)).toEqual([1, 26, 25, 25, 1]);
  expect([stateOf(first, "droplet-1"), stateOf(first, "droplet-2")]).toEqual(["0", "0"]);
  const next = serverStates(servers, `1\n# be_id\n${up}\n`);
  expect([stateOf(next, "droplet-1"), stateOf(next, "droplet-2")]).toEqual(["2", "0"]);
  expect(stateOf(serverStates([server(1, "10.20.0.9")], up), "droplet-1")).toBe("0");
  expect(serverStates([server(2, "10.20.0.3")], up)).not.toContain("droplet-1");
});
