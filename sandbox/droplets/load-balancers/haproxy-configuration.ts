import type {
  HypervisorForwardingRule,
  HypervisorLoadBalancer,
} from "../../../emulators/digitalocean/index.ts";

/** Files of one load balancer, all in one folder. */
export interface HaproxyFiles {
  readonly socket: string;
  readonly serverStates: string;
  /** PEM of the certificate, its chain and its key. */
  certificate(entryPort: number): string;
}

/** The backend whose servers are checked; those of all others follow them, as DigitalOcean checks a target once. */
export const checksBackend = "checks";

export const serverName = (dropletId: number) => `droplet-${dropletId}`;

/** Connections to a target that leave or a reload ends: so many seconds beyond the idle time. */
const graceSeconds = 30;
const connectSeconds = 5;

const seconds = (value: number) => `${value}s`;
const isHttp = (rule: HypervisorForwardingRule) => rule.targetProtocol !== "tcp" && !rule.tlsPassthrough;
const ruleName = (rule: HypervisorForwardingRule) => `port-${rule.entryPort}`;

/** What HAProxy 2.6 is told to do for a load balancer. Throws for UDP and HTTP/3, which it does not have. */
export function haproxyConfiguration(balancer: HypervisorLoadBalancer, files: HaproxyFiles): string {
  const datagrams = balancer.forwardingRules.find(({ entryProtocol }) =>
    ["udp", "http3"].includes(entryProtocol),
  );
  if (datagrams !== undefined) throw new Error(`HAProxy has no ${datagrams.entryProtocol}`);
  return [
    ...globalSection(balancer, files),
    ...defaultsSection(balancer),
    ...balancer.forwardingRules.flatMap((rule) => [
      ...frontend(balancer, rule, files),
      ...backend(balancer, rule),
    ]),
    ...checks(balancer),
  ].join("\n");
}

const section = (title: string, lines: readonly string[]) => [
  title,
  ...lines.filter((line) => line !== "").map((line) => `  ${line}`),
  "",
];

function globalSection(
  { httpIdleTimeoutSeconds, tlsCipherPolicy }: HypervisorLoadBalancer,
  files: HaproxyFiles,
) {
  return section("global", [
    `stats socket ${files.socket} mode 600 level admin expose-fd listeners`,
    `server-state-file ${files.serverStates}`,
    // Nobody, to whom nothing belongs.
    "uid 65534",
    "gid 65534",
    "maxconn 2000",
    `hard-stop-after ${seconds(httpIdleTimeoutSeconds + graceSeconds)}`,
    "ssl-default-bind-options ssl-min-ver TLSv1.2",
    tlsCipherPolicy === "STRONG" ? "ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20" : "",
  ]);
}

function defaultsSection({ httpIdleTimeoutSeconds }: HypervisorLoadBalancer) {
  const idle = seconds(httpIdleTimeoutSeconds);
  return section("defaults", [
    "mode http",
    `timeout connect ${seconds(connectSeconds)}`,
    `timeout client ${idle}`,
    `timeout server ${idle}`,
    `timeout http-keep-alive ${idle}`,
    `timeout http-request ${idle}`,
    `timeout tunnel ${idle}`,
    "load-server-state-from-file global",
  ]);
}

const sources = (rules: readonly string[]) => rules.map((rule) => rule.replace(/^(ip|cidr):/, "")).join(" ");

function frontend(balancer: HypervisorLoadBalancer, rule: HypervisorForwardingRule, files: HaproxyFiles) {
  const { firewall, publicAddress } = balancer;
  const alpn = rule.entryProtocol === "http2" ? "h2,http/1.1" : "http/1.1";
  const tls =
    rule.certificate === undefined ? "" : ` ssl crt ${files.certificate(rule.entryPort)} alpn ${alpn}`;
  const http = isHttp(rule);
  return section(`frontend ${ruleName(rule)}`, [
    `mode ${http ? "http" : "tcp"}`,
    `bind ${publicAddress}:${rule.entryPort}${tls}`,
    firewall.deny.length > 0 ? `tcp-request connection reject if { src ${sources(firewall.deny)} }` : "",
    firewall.allow.length > 0
      ? `tcp-request connection reject unless { src ${sources(firewall.allow)} }`
      : "",
    // A client that sends a request on an idle connection while the configuration changes is answered.
    http ? "option idle-close-on-response" : "",
    ...(redirects(balancer, rule) ? ["http-request redirect scheme https code 307"] : []),
    ...(http && !redirects(balancer, rule)
      ? [
          "option forwardfor",
          `http-request set-header X-Forwarded-Proto ${tls === "" ? "http" : "https"}`,
          `http-request set-header X-Forwarded-Port ${rule.entryPort}`,
        ]
      : []),
    `default_backend ${ruleName(rule)}`,
  ]);
}

/** HTTP on port 80 is redirected when there is something on port 443 to be redirected to. */
function redirects(
  { redirectHttpToHttps, forwardingRules }: HypervisorLoadBalancer,
  rule: HypervisorForwardingRule,
) {
  const secure = forwardingRules.some(
    ({ entryPort, entryProtocol }) => entryPort === 443 && ["https", "http2"].includes(entryProtocol),
  );
  return redirectHttpToHttps && secure && rule.entryPort === 80 && rule.entryProtocol === "http";
}

function backend(balancer: HypervisorLoadBalancer, rule: HypervisorForwardingRule) {
  const { cookie } = balancer.stickySessions;
  const http = isHttp(rule);
  const sticky = http && cookie !== undefined;
  const options = balancer.proxyProtocol ? " send-proxy" : "";
  return section(`backend ${ruleName(rule)}`, [
    `mode ${http ? "http" : "tcp"}`,
    `balance ${balancer.algorithm === "least_connections" ? "leastconn" : "roundrobin"}`,
    http && !balancer.backendKeepalive ? "option http-server-close" : "",
    // Set by the load balancer and taken out again, so that targets do not see it.
    sticky ? `cookie ${cookie.name} insert indirect nocache maxlife ${cookie.ttlSeconds}s` : "",
    ...balancer.targets.map(({ dropletId, address }) => {
      const name = serverName(dropletId);
      const value = sticky ? ` cookie ${name}` : "";
      return `server ${name} ${address}:${rule.targetPort} track ${checksBackend}/${name}${value}${options}`;
    }),
  ]);
}

function checks({ healthCheck, targets }: HypervisorLoadBalancer) {
  const { protocol, port, path } = healthCheck;
  const inter = seconds(healthCheck.checkIntervalSeconds);
  return section(`backend ${checksBackend}`, [
    ...(protocol === "tcp"
      ? ["mode tcp", "option tcp-check"]
      : ["mode http", "option httpchk", `http-check send meth GET uri ${path}`]),
    `timeout check ${seconds(healthCheck.responseTimeoutSeconds)}`,
    `default-server inter ${inter} fall ${healthCheck.unhealthyThreshold} rise ${healthCheck.healthyThreshold}`,
    ...targets.map(({ dropletId, address }) => {
      const tls = protocol === "https" ? " check-ssl verify none" : "";
      return `server ${serverName(dropletId)} ${address}:${port} check${tls}`;
    }),
  ]);
}
