import http from "node:http";
import https from "node:https";
import type { DrilledBlog } from "../running-sandbox.ts";
import type { ProbedRequest } from "./availability.ts";

/** Milliseconds from one request to the next. */
const interval = 100;
/** Milliseconds without an answer after which a request has failed. */
const timeout = 5_000;

/** Whether a reader uses connections again, as browsers do, or makes one for each request. */
export type ReaderConnections = "kept" | "new";

/**
 * A reader of the blog who asks for a page ten times a second, one address after another, and does not wait for an answer
 * before asking the next.
 */
export class BlogProbe {
  readonly #asked: Promise<ProbedRequest>[] = [];
  readonly #agents: Readonly<Record<string, http.Agent>> | undefined;
  readonly #timer: NodeJS.Timeout;

  /** `page` is relative to the URL, by the number of the request. Default: the front page. */
  constructor(
    { urls, connection }: DrilledBlog,
    connections: ReaderConnections,
    page: (turn: number) => string = () => "",
  ) {
    const kept = { ...connection, keepAlive: true };
    this.#agents =
      connections === "kept" ? { "http:": new http.Agent(kept), "https:": new https.Agent(kept) } : undefined;
    let turn = 0;
    this.#timer = setInterval(() => {
      const address = urls[turn % urls.length];
      if (address !== undefined) {
        const url = new URL(page(turn), address);
        const agent = this.#agents?.[url.protocol];
        const options = agent ? { agent } : { ...connection, ...newConnection };
        this.#asked.push(probe(url, address, options));
      }
      turn += 1;
    }, interval);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** What was asked and answered, in the order of asking; for after the end. */
  async requests(): Promise<ProbedRequest[]> {
    const requests = await Promise.all(this.#asked);
    for (const agent of Object.values(this.#agents ?? {})) agent.destroy();
    return requests;
  }
}

const newConnection = { agent: false, headers: { connection: "close" } };

/** Never rejects: a request that fails is what the probe is there to see. */
function probe(url: URL, address: string, options: https.RequestOptions): Promise<ProbedRequest> {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const end = (answer: string) => resolve({ address, startedAt, endedAt: Date.now(), answer });
    const signal = AbortSignal.timeout(timeout);
    const { get } = url.protocol === "https:" ? https : http;
    get(url, { ...options, signal }, (response) => {
      const { statusCode = 0, headers } = response;
      const isHoldingPage = statusCode === 503 && headers["retry-after"] !== undefined;
      response.resume();
      response.on("error", (error) => end(`broken off: ${error.message}`));
      response.on("end", () =>
        end(statusCode === 200 ? "200" : isHoldingPage ? "holding page" : String(statusCode)),
      );
    }).on("error", (error: NodeJS.ErrnoException) =>
      end(signal.aborted ? "timeout" : (error.code ?? error.message)),
    );
  });
}
