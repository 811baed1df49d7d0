export const recordTypes = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT"] as const;
export type RecordType = (typeof recordTypes)[number];

/** A domain whose zone is in the account. */
export interface Domain {
  /** The name, in small letters. */
  readonly id: string;
  readonly createdAt: string;
}

export interface DomainRecord {
  readonly id: number;
  readonly domain: string;
  readonly type: RecordType;
  /** Relative to the domain; "@" for the domain itself. */
  readonly name: string;
  /** Names are absolute, without the dot at their end; "@" for the domain itself. */
  readonly data: string;
  /** In seconds. */
  readonly ttl: number;
  /** Of MX and SRV. */
  readonly priority?: number;
  /** Both of SRV. */
  readonly port?: number;
  readonly weight?: number;
  /** Both of CAA. */
  readonly flags?: number;
  readonly tag?: string;
}

/** A certificate in PEM, with what proves it. */
export interface CertificateMaterial {
  readonly privateKey: string;
  readonly leafCertificate: string;
  /** "" when there is none. */
  readonly certificateChain: string;
}

export interface Certificate {
  readonly id: string;
  readonly name: string;
  readonly type: "custom" | "lets_encrypt";
  readonly state: "pending" | "verified" | "error";
  readonly dnsNames: readonly string[];
  /** Not there while a certificate of Let's Encrypt is not issued. */
  readonly material?: CertificateMaterial;
  readonly notAfter?: string;
  readonly sha1Fingerprint?: string;
  readonly createdAt: string;
}
