import { expect, test } from "vitest";
import { certificate } from "../../../../sandbox/offline/plugins/digitalocean/front-door/certificate.ts";
import { dnsRecord } from "../../../../sandbox/offline/plugins/digitalocean/front-door/dns-record.ts";
import { domain } from "../../../../sandbox/offline/plugins/digitalocean/front-door/domain.ts";
import { loadBalancer } from "../../../../sandbox/offline/plugins/digitalocean/front-door/load-balancer.ts";
import { compareProperties } from "../../../../providers/engine/diff.ts";
import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import type { Properties } from "../../../../providers/engine/values.ts";

type Table = Pick<ResourceType<never>, "inputs">;

function effect(type: Table, old: Properties, next: Properties): "none" | "update" | "replace" {
  const changes = compareProperties(type.inputs, old, next);
  if (changes.length === 0) return "none";
  return changes.some(({ replaces }) => replaces) ? "replace" : "update";
}

const http = { entryProtocol: "http", entryPort: 80, targetProtocol: "http", targetPort: 80 };
const https = { ...http, entryProtocol: "https", entryPort: 443 };
const asRead = (rule: Properties, name = "") => ({
  ...{ ...rule, tlsPassthrough: false, certificateId: name, certificateName: name },
});
const rules = (...forwardingRules: Properties[]) => ({ forwardingRules });
const health = { protocol: "http", port: 80, path: "/" };
const healthAsRead = {
  ...{ ...health, checkIntervalSeconds: 10, responseTimeoutSeconds: 5 },
  ...{ unhealthyThreshold: 3, healthyThreshold: 5 },
};
const record = (fields: Properties) => ({ domain: "example.com", ...fields });

test.each<[string, Table, Properties, Properties, ReturnType<typeof effect>]>([
  ["load balancer name", loadBalancer, { name: "a" }, { name: "b" }, "update"],
  ["load balancer region", loadBalancer, { region: "sgp1" }, { region: "ams3" }, "replace"],
  ["load balancer region in capitals", loadBalancer, { region: "sgp1" }, { region: "SGP1" }, "none"],
  ["load balancer VPC", loadBalancer, { vpcUuid: "a" }, { vpcUuid: "b" }, "replace"],
  ["load balancer VPC left out", loadBalancer, { vpcUuid: "a" }, {}, "none"],
  ["load balancer type", loadBalancer, { type: "REGIONAL" }, { type: "GLOBAL" }, "replace"],
  ["load balancer network", loadBalancer, {}, { network: "INTERNAL" }, "replace"],
  ["load balancer network stack", loadBalancer, {}, { networkStack: "DUALSTACK" }, "replace"],
  ["load balancer ciphers", loadBalancer, {}, { tlsCipherPolicy: "STRONG" }, "update"],
  ["load balancer tag", loadBalancer, { dropletTag: "a" }, { dropletTag: "b" }, "update"],
  ["load balancer tag in capitals", loadBalancer, { dropletTag: "a" }, { dropletTag: "A" }, "none"],
  ["load balancer tag left out", loadBalancer, { dropletTag: "a" }, {}, "update"],
  ["load balancer droplets of a tag", loadBalancer, { dropletIds: [1, 2] }, {}, "none"],
  ["load balancer droplets", loadBalancer, { dropletIds: [1] }, { dropletIds: [2] }, "update"],
  ["load balancer size left out", loadBalancer, { sizeUnit: 2 }, {}, "none"],
  [
    "load balancer redirect",
    loadBalancer,
    { redirectHttpToHttps: false },
    { redirectHttpToHttps: true },
    "update",
  ],
  ["load balancer redirect left out after false", loadBalancer, { redirectHttpToHttps: false }, {}, "none"],
  ["load balancer rules as they are read", loadBalancer, rules(asRead(http)), rules(http), "none"],
  [
    "load balancer rules in another order",
    loadBalancer,
    rules(asRead(http), asRead(https, "a")),
    rules({ ...https, certificateName: "a" }, http),
    "none",
  ],
  [
    "load balancer certificate by its id, which is its name",
    loadBalancer,
    rules(asRead(https, "a")),
    rules({ ...https, certificateId: "a" }),
    "none",
  ],
  [
    "load balancer certificate",
    loadBalancer,
    rules(asRead(https, "a")),
    rules({ ...https, certificateName: "b" }),
    "update",
  ],
  [
    "load balancer target port",
    loadBalancer,
    rules(asRead(http)),
    rules({ ...http, targetPort: 81 }),
    "update",
  ],
  [
    "load balancer health check as it is read",
    loadBalancer,
    { healthcheck: healthAsRead },
    { healthcheck: health },
    "none",
  ],
  ["load balancer health check left out", loadBalancer, { healthcheck: healthAsRead }, {}, "none"],
  [
    "load balancer health check",
    loadBalancer,
    { healthcheck: healthAsRead },
    { healthcheck: { ...health, path: "/up" } },
    "update",
  ],
  [
    "load balancer sessions that do not stick",
    loadBalancer,
    { stickySessions: { type: "none", cookieName: "", cookieTtlSeconds: 0 } },
    { stickySessions: { type: "none" } },
    "none",
  ],
  [
    "load balancer firewall",
    loadBalancer,
    { firewall: { allows: [], denies: [] } },
    { firewall: { allows: ["ip:192.0.2.1"] } },
    "update",
  ],
  ["domain name", domain, { name: "a.com" }, { name: "b.com" }, "replace"],
  ["domain address", domain, {}, { ipAddress: "192.0.2.1" }, "replace"],
  ["record domain", dnsRecord, { domain: "a.com" }, { domain: "b.com" }, "replace"],
  ["record type", dnsRecord, record({ type: "A" }), record({ type: "AAAA" }), "replace"],
  ["record name", dnsRecord, record({ name: "a" }), record({ name: "b" }), "update"],
  ["record name in full", dnsRecord, record({ name: "www" }), record({ name: "www.example.com." }), "none"],
  [
    "record name that is the domain",
    dnsRecord,
    record({ name: "@" }),
    record({ name: "example.com." }),
    "none",
  ],
  ["record value", dnsRecord, record({ value: "192.0.2.1" }), record({ value: "192.0.2.2" }), "update"],
  [
    "record value that is the domain",
    dnsRecord,
    record({ value: "@" }),
    record({ value: "example.com." }),
    "none",
  ],
  [
    "record value below the domain",
    dnsRecord,
    record({ value: "www.example.com." }),
    record({ value: "www" }),
    "none",
  ],
  ["record time to live left out", dnsRecord, record({ ttl: 1800 }), record({}), "none"],
  ["record priority", dnsRecord, record({ priority: 1 }), record({ priority: 2 }), "update"],
  [
    "record numbers that it does not have",
    dnsRecord,
    record({ port: 0, weight: 0, flags: 0, tag: "" }),
    record({}),
    "none",
  ],
  ["certificate name", certificate, { name: "a" }, { name: "b" }, "replace"],
  ["certificate in PEM", certificate, { leafCertificate: "a" }, { leafCertificate: "b" }, "replace"],
  [
    "certificate kept as its SHA-1",
    certificate,
    { leafCertificate: "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8" },
    { leafCertificate: "a" },
    "none",
  ],
  ["certificate key", certificate, { privateKey: "a" }, { privateKey: "b" }, "replace"],
  [
    "certificate domains",
    certificate,
    { type: "lets_encrypt", domains: ["a.com"] },
    { type: "lets_encrypt", domains: ["b.com"] },
    "replace",
  ],
  [
    "certificate domains in another order",
    certificate,
    { type: "lets_encrypt", domains: ["a.com", "b.com"] },
    { type: "lets_encrypt", domains: ["b.com", "a.com"] },
    "none",
  ],
  [
    "certificate domains of one's own",
    certificate,
    { type: "custom", domains: ["a.com"] },
    { type: "custom" },
    "none",
  ],
])("%s", (_name, type, old, next, expected) => {
  expect(effect(type, old, next)).toBe(expected);
});

const checked = (type: Pick<ResourceType<never>, "check">, inputs: Properties) =>
  (type.check?.(inputs) ?? []).map(({ property }) => property);
const balancer = { region: "sgp1", algorithm: "round_robin", ...rules(http) };

test.each<[string, Pick<ResourceType<never>, "check">, Properties, string[]]>([
  ["a load balancer as it should be", loadBalancer, { ...balancer, healthcheck: health }, []],
  ["no region", loadBalancer, { ...balancer, region: undefined }, ["region"]],
  ["a tag and droplets", loadBalancer, { ...balancer, dropletIds: [1], dropletTag: "a" }, ["dropletIds"]],
  ["a size there is not", loadBalancer, { ...balancer, size: "lb-huge" }, ["size"]],
  [
    "a protocol there is not",
    loadBalancer,
    { ...balancer, ...rules({ ...http, entryProtocol: "ftp" }) },
    ["forwardingRules[0].entryProtocol"],
  ],
  [
    "a port there is not",
    loadBalancer,
    { ...balancer, ...rules({ ...http, targetPort: 0 }) },
    ["forwardingRules[0].targetPort"],
  ],
  [
    "an HTTP check without a path",
    loadBalancer,
    { ...balancer, healthcheck: { ...health, path: undefined } },
    ["healthcheck.path"],
  ],
  [
    "a TCP check with a path",
    loadBalancer,
    { ...balancer, healthcheck: { ...health, protocol: "tcp" } },
    ["healthcheck.path"],
  ],
  [
    "cookies without their name",
    loadBalancer,
    { ...balancer, stickySessions: { type: "cookies", cookieTtlSeconds: 1 } },
    ["stickySessions.cookieName"],
  ],
  ["an MX record without a priority", dnsRecord, { type: "MX" }, ["priority"]],
  ["an SRV record without numbers", dnsRecord, { type: "SRV", priority: 0 }, ["weight", "port"]],
  ["a CAA record without a tag", dnsRecord, { type: "CAA", flags: 0 }, ["tag"]],
  ["a certificate without a key", certificate, { type: "custom", leafCertificate: "a" }, ["privateKey"]],
  ["a certificate for no domain", certificate, { type: "lets_encrypt" }, ["domains"]],
  [
    "a certificate with a key and domains",
    certificate,
    { type: "lets_encrypt", domains: ["a.com"], privateKey: "a" },
    ["privateKey"],
  ],
])("check: %s", (_name, type, inputs, expected) => {
  expect(checked(type, inputs)).toEqual(expected);
});
