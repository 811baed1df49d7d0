import { expect, test } from "vitest";
import { Fields } from "../../requests/fields.ts";
import { targetsOf } from "../../rules/load-balancers/configuration.ts";
import { parseSettings } from "../../rules/load-balancers/settings.ts";

const http = { entry_protocol: "http", entry_port: 80, target_protocol: "http", target_port: 8080 };
const https = { ...http, entry_protocol: "https", entry_port: 443, certificate_id: "verified" };
const through = { ...https, target_protocol: "https", tls_passthrough: true, certificate_id: undefined };
const known = { hasCertificate: (id: string) => id === "verified" };
const parse = (fields: object) =>
  parseSettings(new Fields({ name: "blog", region: "sgp1", forwarding_rules: [http], ...fields }), known);
const rules = (...forwarding_rules: object[]) => parse({ forwarding_rules });

test("what a request does not say has DigitalOcean's defaults", () => {
  expect(parse({})).toEqual({
    name: "blog",
    sizeUnit: 1,
    algorithm: "round_robin",
    forwardingRules: [
      {
        ...{ entryProtocol: "http", entryPort: 80, targetProtocol: "http", targetPort: 8080 },
        ...{ certificateId: "", tlsPassthrough: false },
      },
    ],
    healthCheck: {
      ...{ protocol: "http", port: 80, path: "/", checkIntervalSeconds: 10, responseTimeoutSeconds: 5 },
      ...{ unhealthyThreshold: 3, healthyThreshold: 5 },
    },
    stickySessions: {},
    firewall: { allow: [], deny: [] },
    redirectHttpToHttps: false,
    enableProxyProtocol: false,
    enableBackendKeepalive: false,
    disableLetsEncryptDnsRecords: false,
    httpIdleTimeoutSeconds: 60,
    tlsCipherPolicy: "DEFAULT",
    tag: "",
    dropletIds: [],
  });
});

test.each([
  ["HTTP", [http]],
  ["TLS that ends here", [https]],
  ["HTTP/2 that ends here", [{ ...https, entry_protocol: "http2" }]],
  ["TLS that ends at the target", [through]],
  ["HTTP/2 that ends at the target", [{ ...through, entry_protocol: "http2", target_protocol: "http2" }]],
  [
    "TCP and UDP on one port",
    [
      { ...http, entry_protocol: "tcp", target_protocol: "tcp" },
      { ...http, entry_protocol: "udp", target_protocol: "udp" },
    ],
  ],
])("forwards %s", (_what, forwarding) => {
  expect(rules(...forwarding).forwardingRules).toHaveLength(forwarding.length);
});

test.each([
  ["no rule", () => rules(), /forwarding_rules is required/],
  [
    "a protocol there is not",
    () => rules({ ...http, entry_protocol: "ftp" }),
    /entry_protocol \[ftp\] must be one of/,
  ],
  ["a port beyond the last", () => rules({ ...http, target_port: 65_536 }), /target_port must be 1 to 65535/],
  [
    "two rules on a port",
    () => rules(http, { ...http, entry_protocol: "tcp", target_protocol: "tcp" }),
    /entry port 80\/tcp/,
  ],
  [
    "TLS without a certificate",
    () => rules({ ...https, certificate_id: "" }),
    /certificate_id is required for https/,
  ],
  [
    "a certificate that is not verified",
    () => rules({ ...https, certificate_id: "pending" }),
    /no verified certificate \[pending\]/,
  ],
  [
    "a certificate for TLS that ends at the target",
    () => rules({ ...through, certificate_id: "verified" }),
    /certificate_id is for/,
  ],
  ["a certificate for HTTP", () => rules({ ...http, certificate_id: "verified" }), /certificate_id is for/],
  ["UDP to TCP", () => rules({ ...http, entry_protocol: "udp" }), /udp goes to udp only/],
  [
    "HTTP that is passed through",
    () => rules({ ...http, tls_passthrough: true }),
    /tls_passthrough needs https/,
  ],
  [
    "a way that is not documented",
    () => rules({ ...https, target_protocol: "https" }),
    /does not do this: forwarding https to https without/,
  ],
  ["a tag and droplets", () => parse({ tag: "web", droplet_ids: [1] }), /exclude each other/],
  ["two sizes", () => parse({ size: "lb-small", size_unit: 1 }), /exclude each other/],
  ["a size there is not", () => parse({ size: "lb-huge" }), /size \[lb-huge\]/],
  ["more nodes than there can be", () => parse({ size_unit: 101 }), /size_unit must be 1 to 100/],
  ["a name with a space", () => parse({ name: "my blog" }), /name \[my blog\]/],
  ["a short idle time", () => parse({ http_idle_timeout_seconds: 29 }), /must be 30 to 600/],
  ["a path for TCP", () => parse({ health_check: { protocol: "tcp", path: "/" } }), /not for tcp/],
  ["a path with a space", () => parse({ health_check: { path: "/a b" } }), /health_check.path/],
  [
    "an interval that is too short",
    () => parse({ health_check: { check_interval_seconds: 2 } }),
    /must be 3 to 300/,
  ],
  [
    "a threshold that is too high",
    () => parse({ health_check: { healthy_threshold: 11 } }),
    /must be 2 to 10/,
  ],
  [
    "sticky sessions without a cookie's name",
    () => parse({ sticky_sessions: { type: "cookies" } }),
    /cookie_name is required/,
  ],
  [
    "an address of neither kind",
    () => parse({ firewall: { allow: ["192.0.2.1"] } }),
    /firewall.allow: \[192.0.2.1\]/,
  ],
  ["a network that is none", () => parse({ firewall: { deny: ["cidr:192.0.2.1"] } }), /firewall.deny/],
  [
    "a global load balancer",
    () => parse({ type: "GLOBAL" }),
    /does not do this: a load balancer with the type GLOBAL/,
  ],
  ["an internal load balancer", () => parse({ network: "INTERNAL" }), /does not do this/],
  [
    "a field that it does not know",
    () => parse({ glb_settings: { cdn: {} } }),
    /does not do this: the field glb_settings/,
  ],
])("refuses %s", (_what, parsing, message) => {
  expect(parsing).toThrow(message);
});

test("the older sizes are numbers of nodes", () => {
  expect(["lb-small", "lb-medium", "lb-large"].map((size) => parse({ size }).sizeUnit)).toEqual([1, 3, 6]);
});

test("targets are the droplets named, or those with the tag however it is spelt, in the VPC", () => {
  const droplet = (id: number, vpcId: string, ...tags: string[]) => ({
    ...{ id, vpcId, tags, privateAddress: `10.1.0.${id}` },
  });
  const droplets = [droplet(1, "own", "Web"), droplet(2, "other", "web"), droplet(3, "own")];
  const ids = (tag: string, ...dropletIds: number[]) =>
    targetsOf({ tag, dropletIds, vpcId: "own" }, droplets).map(({ id }) => id);
  expect([ids("web"), ids("", 2, 3), ids("")]).toEqual([[1], [3], []]);
});
