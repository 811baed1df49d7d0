import { checkServerIdentity } from "node:tls";
import type { PeerCertificate } from "node:tls";
import type { AccountCertificate } from "../../clients/digitalocean/resources.ts";
import type { AccountOffer, AccountRequest } from "./request.ts";

/** From so many days before its end on a certificate is warned of that DigitalOcean does not renew. */
const warnedDays = 30;
const day = 86_400_000;

/** Why the load balancer cannot have the certificate of the account that is asked for. */
export function checkBalancerCertificate(
  { loadBalancer, clusterName }: Pick<AccountRequest, "clusterName" | "loadBalancer">,
  { inventory }: Pick<AccountOffer, "inventory">,
  now = new Date(),
): string | undefined {
  const { certificateName: wanted, hostName } = loadBalancer ?? {};
  if (wanted === undefined || inventory === undefined) return undefined;
  const found = inventory.certificates.find(({ name }) => name === wanted);
  if (found === undefined) {
    const names = inventory.certificates.map(({ name }) => name).sort();
    return (
      `the account has no certificate "${wanted}"; it has ${names.length === 0 ? "none" : names.join(", ")} ` +
      "(`doctl compute certificate list`)"
    );
  }
  if (found.state !== "verified")
    return `the certificate "${wanted}" is ${found.state}, and a load balancer takes one that is verified`;
  if (hostName !== undefined && !isFor(found.dnsNames, hostName))
    return `the certificate "${wanted}" is for ${found.dnsNames.join(", ")}, not ${hostName}`;
  // One that the load balancer shows already keeps nobody from changing anything else.
  const isShown = inventory.loadBalancers.some(
    ({ name, certificateIds }) => name === clusterName && certificateIds.includes(found.id),
  );
  return millisecondsLeft(found, now) < 0 && !isShown
    ? `the certificate "${wanted}" expired on ${found.notAfter}, and browsers refuse it; name a renewed one`
    : undefined;
}

/** Without end for one of which the API does not say when it ends. */
function millisecondsLeft({ notAfter }: AccountCertificate, now: Date): number {
  return notAfter === undefined ? Infinity : new Date(notAfter).getTime() - now.getTime();
}

/** As browsers compare them: by alternative names only, of which a wildcard stands for one label. The API need not tell them. */
function isFor(dnsNames: readonly string[], hostName: string): boolean {
  if (dnsNames.length === 0) return true;
  const subjectaltname = dnsNames.map((name) => `DNS:${name}`).join(", ");
  return checkServerIdentity(hostName, { subject: {}, subjectaltname } as PeerCertificate) === undefined;
}

/** What to say of the certificate that the load balancer shows or is to show, if it has ended or soon will. */
export function balancerCertificateWarning(
  { loadBalancer }: Pick<AccountRequest, "loadBalancer">,
  { inventory }: Pick<AccountOffer, "inventory">,
  now = new Date(),
): string | undefined {
  const found = inventory?.certificates.find(({ name }) => name === loadBalancer?.certificateName);
  if (found === undefined) return undefined;
  const left = millisecondsLeft(found, now);
  if (left < 0)
    return `the certificate "${found.name}" expired on ${found.notAfter}, and browsers refuse it; name a renewed one`;
  // DigitalOcean renews its own from 30 days before their end on.
  const days = Math.floor(left / day);
  return found.type === "lets_encrypt" || days >= warnedDays
    ? undefined
    : `the certificate "${found.name}" ends on ${found.notAfter}, in ${days} ${days === 1 ? "day" : "days"}; name a renewed one`;
}
