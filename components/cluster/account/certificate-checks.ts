import { checkServerIdentity } from "node:tls";
import type { PeerCertificate } from "node:tls";
import type { AccountOffer, AccountRequest } from "./request.ts";

/** From so many days before its end on a certificate is warned of that DigitalOcean does not renew. */
const warnedDays = 30;
const day = 86_400_000;

/** Why the load balancer cannot have the certificate of the account that is asked for. */
export function checkBalancerCertificate(
  { loadBalancer }: Pick<AccountRequest, "loadBalancer">,
  { inventory }: Pick<AccountOffer, "inventory">,
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
  return hostName === undefined || isFor(found.dnsNames, hostName)
    ? undefined
    : `the certificate "${wanted}" is for ${found.dnsNames.join(", ")}, not ${hostName}`;
}

/** As browsers compare them: by alternative names only, of which a wildcard stands for one label. The API need not tell them. */
function isFor(dnsNames: readonly string[], hostName: string): boolean {
  if (dnsNames.length === 0) return true;
  const subjectaltname = dnsNames.map((name) => `DNS:${name}`).join(", ");
  return checkServerIdentity(hostName, { subject: {}, subjectaltname } as PeerCertificate) === undefined;
}

/** What to say of the load balancer's certificate if it has ended or soon will. It is taken all the same. */
export function balancerCertificateWarning(
  { loadBalancer }: Pick<AccountRequest, "loadBalancer">,
  { inventory }: Pick<AccountOffer, "inventory">,
  now = new Date(),
): string | undefined {
  const found = inventory?.certificates.find(({ name }) => name === loadBalancer?.certificateName);
  if (found?.notAfter === undefined) return undefined;
  const left = new Date(found.notAfter).getTime() - now.getTime();
  if (left < 0)
    return `the certificate "${found.name}" expired on ${found.notAfter}, and browsers refuse it; name a renewed one`;
  // DigitalOcean renews its own from 30 days before their end on.
  const days = Math.floor(left / day);
  return found.type === "lets_encrypt" || days >= warnedDays
    ? undefined
    : `the certificate "${found.name}" ends on ${found.notAfter}, in ${days} ${days === 1 ? "day" : "days"}; name a renewed one`;
}
