import http from "node:http";
import https from "node:https";
import { TLSSocket } from "node:tls";
import type { NamedConnection } from "../domains/sandbox-names.ts";

/** What one address of the blog answers at the moment. */
export interface BlogAnswer {
  /** URL of the front page, for example `http://192.0.2.10`. */
  readonly address: string;
  /** Status of its answer; null if none came in time. A redirect is not followed. */
  readonly httpStatus: number | null;
  /** End of the certificate that it showed, ISO 8601; not given without https. */
  readonly certificateEndsAt?: string;
  /** Why its certificate was refused. */
  readonly refusal?: string;
}

/** From so many days before its end on a certificate is warned of. */
const warnedDays = 30;

const timeoutSeconds = 5;

/**
 * Requests the front page of every address at once, names and certificates by `connection`. An address that does not answer
 * within five seconds is no error.
 */
export function readBlog(
  addresses: readonly string[],
  connection: Partial<NamedConnection> = {},
): Promise<BlogAnswer[]> {
  return Promise.all(
    addresses.map(async (address) => ({ address, ...(await answerOf(address, connection)) })),
  );
}

/** Whether the address gives the blog: the front page, or a redirect to it, and not the holding page. */
export function answers({ httpStatus }: BlogAnswer): boolean {
  return httpStatus !== null && httpStatus >= 200 && httpStatus < 400;
}

/** The address with its HTTP status, for the screen. */
export function describeAnswer({ address, httpStatus, refusal }: BlogAnswer): string {
  if (refusal !== undefined) return `${address} ${refusal}`;
  return `${address} ${httpStatus === null ? "no answer" : `HTTP ${httpStatus}`}`;
}

/** What to say of a certificate that ends soon; undefined if it does not. `now` in milliseconds. */
export function certificateWarning(
  { address, certificateEndsAt }: BlogAnswer,
  now: number,
): string | undefined {
  if (certificateEndsAt === undefined) return undefined;
  const days = Math.floor((Date.parse(certificateEndsAt) - now) / 86_400_000);
  if (days >= warnedDays) return undefined;
  return `the certificate of ${address} ends on ${certificateEndsAt}, in ${days} ${days === 1 ? "day" : "days"}`;
}

/** Codes of OpenSSL's verdicts on a certificate, and of Node's on its name. */
const refusals = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_)/;

function answerOf(
  address: string,
  connection: Partial<NamedConnection>,
): Promise<Omit<BlogAnswer, "address">> {
  const { get } = address.startsWith("https:") ? https : http;
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  return new Promise((resolve) => {
    get(address, { ...connection, agent: false, signal }, (response) => {
      const { socket, statusCode = null } = response;
      resolve({
        httpStatus: statusCode,
        ...(socket instanceof TLSSocket && {
          certificateEndsAt: new Date(socket.getPeerCertificate().valid_to).toISOString(),
        }),
      });
      response.destroy();
    }).on("error", ({ code = "", message }: NodeJS.ErrnoException) =>
      resolve({ httpStatus: null, ...(refusals.test(code) && { refusal: message }) }),
    );
  });
}
