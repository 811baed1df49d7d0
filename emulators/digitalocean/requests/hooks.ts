import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Emulator } from "../emulator.ts";
import { ApiError, errorId, errorMessage, unauthorized } from "./errors.ts";
import { withoutSecrets } from "./event-log.ts";
import type { FaultRule } from "./fault-rules.ts";
import { releaseWhatIsDue } from "../resources/late-releases.ts";
import { RateLimiter } from "./rate-limit.ts";
import type { RateLimitVerdict } from "./rate-limit.ts";

interface RequestNotes {
  fault?: FaultRule;
  error?: string;
  logged?: boolean;
}

const notes = new WeakMap<FastifyRequest, RequestNotes>();

/** What was noted about a request on its way: an injected fault, an error's message. */
function notesOf(request: FastifyRequest): RequestNotes {
  const existing = notes.get(request);
  if (existing) return existing;
  const fresh: RequestNotes = {};
  notes.set(request, fresh);
  return fresh;
}

function isControlRoute(request: FastifyRequest): boolean {
  return request.url.startsWith("/_emulator/");
}

function logRequest(emulator: Emulator, request: FastifyRequest, status: number, milliseconds: number): void {
  const noted = notesOf(request);
  if (noted.logged || isControlRoute(request)) return;
  noted.logged = true;
  emulator.log.write({
    kind: "request",
    at: emulator.options.now().toISOString(),
    requestId: request.id,
    method: request.method,
    path: request.url,
    status,
    milliseconds: Math.round(milliseconds),
    ...(request.body === undefined || request.body === null ? {} : { body: withoutSecrets(request.body) }),
    ...(noted.fault === undefined ? {} : { fault: noted.fault.kind }),
    ...(noted.error === undefined ? {} : { error: noted.error }),
  });
}

function errorBody(request: FastifyRequest, status: number, message: string, id = errorId(status)) {
  return { id, message, request_id: request.id };
}

/** Answers every error in DigitalOcean's form. What is no ApiError and no bad request is a fault of the emulator: 500. */
export function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler((error: unknown, request, reply) => {
    const noted = notesOf(request);
    noted.error = errorMessage(error);
    if (error instanceof ApiError) {
      return reply
        .code(error.status)
        .headers(error.headers)
        .send(errorBody(request, error.status, error.message, error.id));
    }
    const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
    return status >= 400 && status < 500
      ? reply.code(status).send(errorBody(request, status, noted.error))
      : reply.code(500).send(errorBody(request, 500, `The DigitalOcean emulator failed: ${noted.error}`));
  });
}

function requireToken(emulator: Emulator, request: FastifyRequest): void {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "");
  const accepted = emulator.options.tokens.map((token) => Buffer.from(token));
  if (!accepted.some((token) => token.length === given.length && timingSafeEqual(token, given)))
    throw unauthorized();
}

/** Faults that leave the request undone. Those after the commit strike when the answer is on its way out. */
function strikeBefore(
  emulator: Emulator,
  request: FastifyRequest,
  reply: FastifyReply,
  fault: FaultRule,
): void {
  if (fault.kind === "fail-before") throw injectedError(fault);
  if (fault.kind === "reset" || fault.kind === "timeout") {
    logRequest(emulator, request, 0, 0);
    reply.hijack();
    if (fault.kind === "reset") request.raw.socket.resetAndDestroy();
  }
}

function injectedError(fault: FaultRule): ApiError {
  const headers = fault.retryAfter === undefined ? undefined : { "retry-after": String(fault.retryAfter) };
  const message =
    fault.status === 429 ? "API rate limit exceeded." : `Fault ${fault.id} of the emulator: ${fault.kind}`;
  return new ApiError(fault.status, errorId(fault.status), message, headers);
}

function tellLimits(reply: FastifyReply, { limit, remaining, reset }: RateLimitVerdict): void {
  void reply.headers({
    "ratelimit-limit": limit,
    "ratelimit-remaining": remaining,
    "ratelimit-reset": reset,
  });
}

/** Everything that happens to a request outside its route: token, rate limit, injected faults, log. */
export function addHooks(server: FastifyInstance, emulator: Emulator): void {
  const limiter = new RateLimiter(emulator.options.rateLimit);

  server.addHook("onRequest", (request, reply, done) => {
    const now = emulator.options.now().getTime();
    const edges = emulator.edges.now;
    void reply.header("x-request-id", request.id);
    if (edges.rateLimitHeaders && !isControlRoute(request)) tellLimits(reply, limiter.look(now));
    requireToken(emulator, request);
    if (isControlRoute(request)) return done();
    const listsKeys = request.method === "GET" && /^\/v2\/account\/keys(\?|$)/.test(request.url);
    const verdict = limiter.take(now, edges, listsKeys);
    tellLimits(reply, verdict);
    if (!verdict.allowed) {
      const { retryAfter } = verdict;
      const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      throw new ApiError(429, "too_many_requests", "API rate limit exceeded.", headers);
    }
    releaseWhatIsDue(emulator);
    done();
  });

  server.addHook("preHandler", (request, reply, done) => {
    const fault = isControlRoute(request)
      ? undefined
      : emulator.faults.strike(request.method, request.url.split("?")[0] ?? "");
    if (fault !== undefined) {
      notesOf(request).fault = fault;
      strikeBefore(emulator, request, reply, fault);
      if (reply.sent) return;
    }
    done();
  });

  server.addHook("onSend", (request, reply, payload, done) => {
    if (reply.statusCode === 204 && emulator.edges.now.emptyAnswersHaveType)
      void reply.type("application/json; charset=utf-8");
    const fault = notesOf(request).fault;
    if (fault?.kind === "reset-after-commit") {
      logRequest(emulator, request, 0, reply.elapsedTime);
      request.raw.socket.resetAndDestroy();
    }
    if (fault?.kind === "timeout-after-commit") {
      logRequest(emulator, request, 0, reply.elapsedTime);
      // Never continued, so the answer is never sent.
      return;
    }
    if (fault?.kind !== "fail-after-commit") return done(null, payload);
    const error = injectedError(fault);
    void reply.code(error.status).headers(error.headers).type("application/json; charset=utf-8");
    void reply.removeHeader("content-length");
    done(null, JSON.stringify(errorBody(request, error.status, error.message, error.id)));
  });

  server.addHook("onResponse", (request, reply, done) => {
    logRequest(emulator, request, reply.statusCode, reply.elapsedTime);
    done();
  });
}
