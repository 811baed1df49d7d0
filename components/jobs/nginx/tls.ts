import * as pulumi from "@pulumi/pulumi";
import { ResolvedInputError } from "../../validation.ts";
import type { ArgumentNames } from "../../validation.ts";
import type { NginxTls } from "./args.ts";
import { chainText, judgeCertificate, validityWarning } from "./certificate.ts";

/** Secret PEMs that nginx can serve; rejects any others, and with them whatever waits for it. */
export type ServedTls = pulumi.Output<{ readonly certificate: string; readonly privateKey: string }>;

/** What is said of a certificate, and of whom. */
export interface TlsContext {
  /** Names the two, which are validated when they are known. */
  readonly nameOf: ArgumentNames;
  /** Gets warnings. */
  readonly component: pulumi.Resource;
  /** Host that readers ask for. */
  readonly hostName?: string | undefined;
}

/**
 * Warns in every preview and update of a certificate that ends soon or has ended. It is taken all the same: with an expired
 * one in place everything else can still be changed.
 */
export function validatedTls(
  { certificate, privateKey }: NginxTls,
  { nameOf, component, hostName }: TlsContext,
): ServedTls {
  return pulumi.secret(
    pulumi.all([certificate, privateKey]).apply(async ([certificate, privateKey]) => {
      const judged = judgeCertificate(certificate, privateKey, hostName);
      if (judged.issue !== undefined)
        throw new ResolvedInputError("invalid arguments", [judged.issue], nameOf);
      const warning = validityWarning(judged.chain[0]!);
      if (warning !== undefined) await pulumi.log.warn(`${nameOf("certificate")}: ${warning}`, component);
      return { certificate: chainText(judged.chain), privateKey };
    }),
  );
}
