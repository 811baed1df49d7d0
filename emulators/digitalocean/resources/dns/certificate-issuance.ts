import type { CertificateIssuer } from "../../options.ts";
import { errorMessage } from "../../requests/errors.ts";
import type { EventLog } from "../../requests/event-log.ts";
import { readCertificate } from "../../rules/certificate.ts";
import type { Certificate } from "../../store/dns.ts";
import type { Store } from "../../store/store.ts";

interface IssuanceParts {
  readonly store: Store;
  readonly log: EventLog;
  readonly issuer: CertificateIssuer | undefined;
  readonly now: () => Date;
  /** In milliseconds, before the issuer is asked. */
  readonly delay: number;
}

/** Gets certificates of Let's Encrypt issued in the background: from "pending" to "verified" or "error". */
export class CertificateIssuance {
  readonly #parts: IssuanceParts;
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(parts: IssuanceParts) {
    this.#parts = parts;
  }

  /** To be called in the transaction that stores a pending certificate. */
  begin(id: string): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#issue(id);
    }, this.#parts.delay);
    this.#timers.add(timer);
  }

  /** After a start: goes on with those that are pending. */
  resume(): void {
    for (const { id } of this.#parts.store.certificates.where("state", "pending")) this.begin(id);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #issue(id: string): Promise<void> {
    const { store, issuer, now } = this.#parts;
    const certificate = this.#closed ? undefined : store.certificates.get(id);
    if (certificate === undefined) return;
    try {
      if (issuer === undefined) throw new Error("there is no issuer any more");
      const material = await issuer.issue(certificate.dnsNames);
      const { notAfter, sha1Fingerprint } = readCertificate(material, now());
      this.#put({ ...certificate, state: "verified", material, notAfter, sha1Fingerprint });
    } catch (error) {
      this.#put({ ...certificate, state: "error" });
      this.#logFailure(certificate, error);
    }
  }

  /** A certificate that was deleted meanwhile does not come back. */
  #put(certificate: Certificate): void {
    const { store } = this.#parts;
    if (this.#closed || store.certificates.get(certificate.id) === undefined) return;
    store.transaction(() => store.certificates.put(certificate));
  }

  #logFailure({ name }: Certificate, error: unknown): void {
    if (this.#closed) return;
    const { log, now } = this.#parts;
    log.write({
      kind: "failure",
      at: now().toISOString(),
      what: `issuing certificate ${name}`,
      error: errorMessage(error),
    });
  }
}
