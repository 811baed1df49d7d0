import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { childOptions } from "../child-options.ts";
import { certificateNames } from "./certificate-names.ts";

export interface ClusterCertificatesArgs {
  clusterName: string;
  /** Nomad region. A change replaces every certificate, and so every droplet. */
  region: string;
  /** Slot name and reserved address of each server. */
  servers: { slot: string; address: pulumi.Input<string> }[];
  /** Slot name of each node that is only a client. */
  clients: string[];
}

/** Certificate and private key of one agent, in PEM. */
export interface AgentCertificate {
  readonly certificate: pulumi.Output<string>;
  readonly privateKey: pulumi.Output<string>;
}

const hoursADay = 24;
const caValidityHours = 10 * 365 * hoursADay;
const agentValidityHours = 2 * 365 * hoursADay;
/** From here on an `up` renews an agent's certificate, which replaces its droplet. */
const agentRenewalHours = 60 * hoursADay;

/** The cluster's own certificate authority and a certificate for each agent, ECDSA P-256. */
export class ClusterCertificates extends pulumi.ComponentResource {
  /** PEM of the authority's certificate. */
  readonly caCertificate: pulumi.Output<string>;
  /** By slot. */
  readonly agents: ReadonlyMap<string, AgentCertificate>;

  constructor(name: string, args: ClusterCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nomad-digitalocean:index:ClusterCertificates", name, args, opts);
    const child = childOptions(this, opts);
    const newKey = (slot: string) =>
      new tls.PrivateKey(`${name}-${slot}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, child)
        .privateKeyPem;

    const caKey = newKey("ca");
    const ca = new tls.SelfSignedCert(
      `${name}-ca`,
      {
        privateKeyPem: caKey,
        isCaCertificate: true,
        subject: { commonName: `${args.clusterName} Nomad CA`, organization: args.clusterName },
        validityPeriodHours: caValidityHours,
        allowedUses: ["cert_signing", "crl_signing"],
      },
      child,
    );
    this.caCertificate = ca.certPem;

    const issue = (
      slot: string,
      role: "server" | "client",
      address?: pulumi.Input<string>,
    ): AgentCertificate => {
      const privateKey = newKey(slot);
      const names = pulumi.output(address).apply((known) => certificateNames(role, args.region, known));
      const request = new tls.CertRequest(
        `${name}-${slot}-request`,
        {
          privateKeyPem: privateKey,
          subject: { commonName: names.commonName, organization: args.clusterName },
          dnsNames: names.dnsNames,
          ipAddresses: names.ipAddresses,
        },
        child,
      );
      const certificate = new tls.LocallySignedCert(
        `${name}-${slot}`,
        {
          certRequestPem: request.certRequestPem,
          caPrivateKeyPem: caKey,
          caCertPem: ca.certPem,
          validityPeriodHours: agentValidityHours,
          earlyRenewalHours: agentRenewalHours,
          allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
        },
        child,
      );
      return { certificate: certificate.certPem, privateKey };
    };
    this.agents = new Map([
      ...args.servers.map(({ slot, address }) => [slot, issue(slot, "server", address)] as const),
      ...args.clients.map((slot) => [slot, issue(slot, "client")] as const),
    ]);
    this.registerOutputs({ caCertificate: this.caCertificate });
  }
}
