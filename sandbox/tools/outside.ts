import { EnvHttpProxyAgent, fetch, interceptors } from "undici";
import type { RequestInit, Response } from "undici";

/** Goes through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, which Node's own fetch leaves out. */
const direct = new EnvHttpProxyAgent({
  connect: { timeout: 10_000 },
  headersTimeout: 30_000,
  bodyTimeout: 60_000,
});
/** A lost connection, a 429 or a 5xx is asked again; a download goes on where it was cut off. */
const retrying = direct.compose(interceptors.retry({ maxRetries: 3 }));

/** GET of something on the Internet, asked again up to three times. */
export const download = (url: string): Promise<Response> => fetch(url, { dispatcher: retrying });

const answers = new Map<string, Promise<boolean>>();

/** Whether an HTTPS server answers at that host, asked once a run. No answer within three seconds counts as no. */
export function hostAnswers(host: string): Promise<boolean> {
  const ask = () =>
    head(`https://${host}/`, 3, { redirect: "manual" }).then(
      () => true,
      () => false,
    );
  const answer = answers.get(host) ?? ask();
  answers.set(host, answer);
  return answer;
}

/** Whether the address can be downloaded from, in time. Any failure counts as no. */
export function exists(url: string, seconds: number): Promise<boolean> {
  return head(url, seconds).then(
    ({ ok }) => ok,
    () => false,
  );
}

function head(url: string, seconds: number, options: RequestInit = {}): Promise<Response> {
  const signal = AbortSignal.timeout(seconds * 1000);
  return fetch(url, { method: "HEAD", ...options, signal, dispatcher: direct });
}
