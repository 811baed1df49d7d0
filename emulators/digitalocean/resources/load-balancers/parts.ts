import type { Emulator } from "../../emulator.ts";
import type { KnownParts } from "../../rules/load-balancers/forwarding-rules.ts";

/** What there is of what a load balancer may name. */
export function partsOf({ store }: Emulator): KnownParts {
  return { hasCertificate: (id) => store.certificates.get(id)?.state === "verified" };
}
