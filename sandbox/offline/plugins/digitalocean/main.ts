// A stand-in for pulumi-resource-digitalocean: the resources this project's program uses, on the same API.
import { serveProvider } from "../../../../providers/engine/provider.ts";
import { text } from "../../../../providers/engine/values.ts";
import { DigitalOceanClient } from "./client.ts";
import { droplet } from "./droplet.ts";
import { firewall } from "./firewall.ts";
import { certificate } from "./front-door/certificate.ts";
import { dnsRecord } from "./front-door/dns-record.ts";
import { domain } from "./front-door/domain.ts";
import { loadBalancer } from "./front-door/load-balancer.ts";
import { functions } from "./functions.ts";
import { reservedIp, reservedIpAssignment } from "./reserved-ip.ts";
import { sshKey } from "./account/ssh-key.ts";
import { tag } from "./tag.ts";
import { volume } from "./volume.ts";
import { vpc } from "./vpc.ts";

const environment = (...names: string[]) => names.map((name) => process.env[name]).find((value) => value);

await serveProvider<DigitalOceanClient>({
  name: "digitalocean",
  version: "4.80.1",
  isStandIn: true,
  configuration: {
    token: { type: "string" },
    apiEndpoint: { type: "string" },
    httpRetryMax: { type: "number" },
    httpRetryWaitMin: { type: "number", default: 1 },
    httpRetryWaitMax: { type: "number", default: 30 },
    requestsPerSecond: { type: "number" },
    spacesAccessId: { type: "string" },
    spacesSecretKey: { type: "string" },
    spacesEndpoint: { type: "string" },
  },
  configure: (configuration) => {
    const token =
      text(configuration["token"]) || environment("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN");
    if (token === undefined)
      throw new Error("no DigitalOcean token: set digitalocean:token or DIGITALOCEAN_TOKEN");
    return new DigitalOceanClient({
      token,
      endpoint:
        text(configuration["apiEndpoint"]) ||
        (environment("DIGITALOCEAN_API_URL") ?? "https://api.digitalocean.com"),
      retries: Number(configuration["httpRetryMax"] ?? environment("DIGITALOCEAN_HTTP_RETRY_MAX") ?? 4),
      waitMin: Number(configuration["httpRetryWaitMin"]),
      waitMax: Number(configuration["httpRetryWaitMax"]),
    });
  },
  resources: {
    "digitalocean:index/certificate:Certificate": certificate,
    "digitalocean:index/dnsRecord:DnsRecord": dnsRecord,
    "digitalocean:index/domain:Domain": domain,
    "digitalocean:index/droplet:Droplet": droplet,
    "digitalocean:index/firewall:Firewall": firewall,
    "digitalocean:index/loadBalancer:LoadBalancer": loadBalancer,
    "digitalocean:index/reservedIp:ReservedIp": reservedIp,
    "digitalocean:index/reservedIpAssignment:ReservedIpAssignment": reservedIpAssignment,
    "digitalocean:index/sshKey:SshKey": sshKey,
    "digitalocean:index/tag:Tag": tag,
    "digitalocean:index/volume:Volume": volume,
    "digitalocean:index/vpc:Vpc": vpc,
  },
  functions,
});
