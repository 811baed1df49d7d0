import { Agent, buildConnector, fetch } from "undici";
import type { RequestInit, Response } from "undici";
import { names } from "../end-to-end/tested-sandbox.ts";

/** Connects by the names and certificates that the sandbox has at that moment; to an IP address without them. */
const connect: buildConnector.connector = (options, callback) => {
  names().then(
    (sandbox) => buildConnector(sandbox?.connection() ?? {})(options, callback),
    (error: Error) => callback(error, null),
  );
};
const dispatcher = new Agent({ connect });

/** `fetch` of a reader who knows the names and trusts the certificates of the sandbox. */
export function fetchBlog(url: URL, options: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...options, dispatcher });
}
