import http from "node:http";
import https from "node:https";
import type { TLSSocket } from "node:tls";
import { worst } from "./judge.ts";
import type { Judgement } from "./judge.ts";
import type { ExternalMonitor } from "./settings.ts";

/** What one request of an external monitor came to. */
export interface ExternalAnswer {
  readonly statusCode: number;
  readonly body: string;
  readonly milliseconds: number;
  /** End of the certificate's validity in Unix seconds; undefined without TLS. */
  readonly certificateEnd?: number;
}

const longestWait = 15_000;
const day = 24 * 60 * 60;

/** Asks the monitor's URL once. Rejects when nothing answers, or when the certificate is not to be trusted. */
export function ask(monitor: ExternalMonitor): Promise<ExternalAnswer> {
  const { method, url, requestBody, headers, skipCertificateVerification } = monitor;
  const isHttps = new URL(url).protocol === "https:";
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const options = {
      method,
      timeout: longestWait,
      agent: false,
      headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      rejectUnauthorized: !skipCertificateVerification,
    };
    const sent = (isHttps ? https : http).request(url, options, (response) => {
      // Read before the answer ends, after which the socket may have none.
      const certificate = isHttps ? (response.socket as TLSSocket).getPeerCertificate() : undefined;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          statusCode: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString("utf8"),
          milliseconds: performance.now() - start,
          ...(certificate && { certificateEnd: Date.parse(certificate.valid_to) / 1000 }),
        }),
      );
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer in ${longestWait / 1000} seconds`)));
    sent.on("error", reject);
    sent.end(requestBody === undefined || requestBody === "" ? undefined : requestBody);
  });
}

/** What the answer means at a time in Unix seconds. `responseTime` is the average over the monitor's duration. */
export function judgeAnswer(
  monitor: ExternalMonitor,
  answer: ExternalAnswer,
  now: number,
  responseTime: number,
): Judgement {
  const { expectedStatusCode, containsString, responseTimeCritical, responseTimeWarning } = monitor;
  const { statusCode, body } = answer;
  const isExpected =
    expectedStatusCode === undefined || expectedStatusCode === null
      ? statusCode >= 200 && statusCode < 400
      : statusCode === expectedStatusCode;
  const found: Judgement[] = [{ status: "OK", message: `${statusCode}` }];
  if (!isExpected) found.push({ status: "CRITICAL", message: `status code ${statusCode}` });
  else if (containsString !== undefined && containsString !== "" && !body.includes(containsString))
    found.push({ status: "CRITICAL", message: `the response does not contain "${containsString}"` });
  const slow = `response time ${Math.round(responseTime)} ms`;
  if (isNumber(responseTimeCritical) && responseTime > responseTimeCritical)
    found.push({ status: "CRITICAL", value: responseTime, message: slow });
  else if (isNumber(responseTimeWarning) && responseTime > responseTimeWarning)
    found.push({ status: "WARNING", value: responseTime, message: slow });
  if (answer.certificateEnd !== undefined) found.push(judgeCertificate(monitor, answer.certificateEnd, now));
  return worst(found);
}

function judgeCertificate(monitor: ExternalMonitor, end: number, now: number): Judgement {
  const { certificationExpirationCritical: critical, certificationExpirationWarning: warning } = monitor;
  const days = (end - now) / day;
  const message = `the certificate ends in ${Math.floor(days)} days`;
  if (isNumber(critical) && days < critical) return { status: "CRITICAL", message };
  if (isNumber(warning) && days < warning) return { status: "WARNING", message };
  return { status: "OK" };
}

const isNumber = (value: number | null | undefined): value is number => typeof value === "number";
