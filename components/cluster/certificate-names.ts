/** Names that an agent's certificate must carry (Nomad documentation, "Enable TLS encryption"). */
export interface CertificateNames {
  readonly commonName: string;
  readonly dnsNames: string[];
  readonly ipAddresses: string[];
}

/**
 * Names of one agent's certificate. A server is a client too, so its certificate carries both roles; a client's must
 * not carry the server's, or it could pose as one. The reserved address lets callers outside verify the server.
 */
export function certificateNames(
  role: "server" | "client",
  region: string,
  reservedAddress?: string,
): CertificateNames {
  const client = `client.${region}.nomad`;
  const server = `server.${region}.nomad`;
  return {
    commonName: role === "server" ? server : client,
    dnsNames: role === "server" ? [server, client, "localhost"] : [client, "localhost"],
    ipAddresses: ["127.0.0.1", ...(reservedAddress === undefined ? [] : [reservedAddress])],
  };
}
