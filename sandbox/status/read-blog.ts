import http from "node:http";
import https from "node:https";
import type { NamedConnection } from "../domains/sandbox-names.ts";

/** What one address of the blog answers at the moment. */
export interface BlogAnswer {
  /** URL of the front page, for example `http://192.0.2.10`. */
  readonly address: string;
  /** Status of its answer; null if none came in time. A redirect is not followed. */
  readonly httpStatus: number | null;
}

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
    addresses.map(async (address) => ({ address, httpStatus: await httpStatus(address, connection) })),
  );
}

/** Whether the address gives the blog: the front page, or a redirect to it, and not the holding page. */
export function answers({ httpStatus }: BlogAnswer): boolean {
  return httpStatus !== null && httpStatus >= 200 && httpStatus < 400;
}

/** The address with its HTTP status, for the screen. */
export function describeAnswer({ address, httpStatus }: BlogAnswer): string {
  return `${address} ${httpStatus === null ? "no answer" : `HTTP ${httpStatus}`}`;
}

function httpStatus(address: string, connection: Partial<NamedConnection>): Promise<number | null> {
  const { get } = address.startsWith("https:") ? https : http;
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  return new Promise((resolve) => {
    get(address, { ...connection, agent: false, signal }, (response) => {
      resolve(response.statusCode ?? null);
      response.destroy();
    }).on("error", () => resolve(null));
  });
}
