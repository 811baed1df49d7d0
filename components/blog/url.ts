import type { NomadClusterArgs } from "../cluster/args.ts";
import { nginxDefaults } from "../jobs/nginx/defaults.ts";
import { withDefaults } from "../validation.ts";
import type { Check } from "../validation.ts";
import type { BlogPlatformArgs } from "./args.ts";

/** Arguments in which what has a default is there. */
export type BlogWithDefaults = BlogPlatformArgs &
  Required<Pick<BlogPlatformArgs, "contentSize" | "contentSlot" | "createDnsZone" | "loadBalancer">>;

/** The URL of the blog, if it is not an address that is known only when it is made. */
export function blogUrl({
  url,
  domain,
  loadBalancer,
  nginx,
}: Pick<BlogWithDefaults, "domain" | "loadBalancer" | "nginx" | "url">): string | undefined {
  if (url !== undefined || domain === undefined) return url;
  const { httpPort, httpsPort } = withDefaults(nginx ?? {}, nginxDefaults);
  const [scheme, port, usual] = loadBalancer
    ? ["https", 443, 443]
    : nginx?.tls
      ? ["https", httpsPort, 443]
      : ["http", httpPort, 80];
  const named = `${scheme}://${domain}${port === usual ? "" : `:${port}`}`;
  // A name that is none has its own issue.
  return URL.canParse(named) ? named : undefined;
}

/** Host that readers ask for by https, if the URL says so. */
export function httpsHost(url: string | undefined): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed?.protocol === "https:" ? parsed.hostname : undefined;
}

/** Path of the blog's URL, without a slash at its end. One that is no URL has its own issue. */
export function basePath(url: string | undefined): string {
  return (url === undefined ? "" : (URL.parse(url)?.pathname ?? "")).replace(/\/+$/, "");
}

/** What is wrong with the blog's name beside what the cluster says of it. */
export function blogDomainChecks(args: BlogWithDefaults): Check[] {
  const { domain, dnsZone, createDnsZone, cluster } = args;
  const without = "is given, and there is no domain that it could be of; give the domain";
  if (domain === undefined)
    return [
      ["dnsZone", dnsZone === undefined ? undefined : without],
      ["createDnsZone", createDnsZone ? "is true, and there is no domain; give the domain" : undefined],
    ];
  return [
    ["domain", checkDomainIsOne(cluster)],
    ["url", checkUrlIsAtDomain(args, domain)],
  ];
}

function checkDomainIsOne({ domain, loadBalancer }: NomadClusterArgs): string | undefined {
  if (domain !== undefined)
    return "is given and cluster.domain too, and a cluster has one at most; leave one of them out";
  return loadBalancer === undefined
    ? undefined
    : "is given and cluster.loadBalancer too, to which the name would lead; set loadBalancer to true in place of that one, or give cluster.domain";
}

function checkUrlIsAtDomain({ url, loadBalancer }: BlogWithDefaults, domain: string): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  if (parsed === null) return undefined;
  if (parsed.hostname !== domain) return `"${url}" is not at the domain "${domain}"; leave one of them out`;
  return loadBalancer && parsed.protocol !== "https:"
    ? `"${url}" is not https, to which the load balancer redirects; leave it out, or give it with https`
    : undefined;
}
