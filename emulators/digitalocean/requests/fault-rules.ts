import { errorMessage, unprocessable } from "./errors.ts";
import { Fields } from "./fields.ts";

const kinds = [
  "fail-before",
  "fail-after-commit",
  "timeout",
  "timeout-after-commit",
  "reset",
  "reset-after-commit",
] as const;
export type FaultKind = (typeof kinds)[number];

export interface FaultRule {
  readonly id: number;
  /** In capitals, or "*". */
  readonly method: string;
  /** A regular expression that the whole path, without the query, has to match. */
  readonly path: string;
  readonly kind: FaultKind;
  /** Of the answer, for fail-before and fail-after-commit. */
  readonly status: number;
  /** Seconds, for the retry-after header. */
  readonly retryAfter?: number;
  /** The first matching request to strike, counted from 1. */
  readonly nth: number;
  /** How many to strike, from that one on. */
  readonly times: number;
  readonly matched: number;
  readonly struck: number;
}

/** Rules that make chosen requests fail. They live in memory: a restart ends all faults. */
export class FaultRules {
  #rules: FaultRule[] = [];
  #nextId = 1;

  list(): readonly FaultRule[] {
    return this.#rules;
  }

  clear(): void {
    this.#rules = [];
  }

  /** Throws 422 for a rule that makes no sense. */
  add(body: unknown): FaultRule {
    const rule = { ...parseFaultRule(body), id: this.#nextId, matched: 0, struck: 0 };
    this.#nextId += 1;
    this.#rules.push(rule);
    return rule;
  }

  /** Counts the request and returns the first rule that strikes it. */
  strike(method: string, path: string): FaultRule | undefined {
    let striking: FaultRule | undefined;
    this.#rules = this.#rules.map((rule) => {
      if (rule.method !== "*" && rule.method !== method) return rule;
      if (!new RegExp(`^(?:${rule.path})$`).test(path)) return rule;
      const matched = rule.matched + 1;
      const due = matched >= rule.nth && matched < rule.nth + rule.times;
      const strikes = due && striking === undefined;
      const counted = { ...rule, matched, struck: rule.struck + (strikes ? 1 : 0) };
      if (strikes) striking = counted;
      return counted;
    });
    return striking;
  }
}

function parseFaultRule(body: unknown): Omit<FaultRule, "id" | "matched" | "struck"> {
  const fields = new Fields(body);
  fields.onlyEmulated(["method", "path", "kind", "status", "retryAfter", "nth", "times"]);
  const kind = kinds.find((candidate) => candidate === fields.string("kind"));
  if (kind === undefined) throw unprocessable(`kind must be one of ${kinds.join(", ")}`);
  const path = fields.string("path");
  try {
    new RegExp(path);
  } catch (error) {
    throw unprocessable(`path is not a regular expression: ${errorMessage(error)}`);
  }
  const nth = fields.optionalInteger("nth") ?? 1;
  const times = fields.optionalInteger("times") ?? 1;
  const retryAfter = fields.optionalInteger("retryAfter");
  if (nth < 1 || times < 1) throw unprocessable("nth and times must be 1 or more");
  const status = fields.optionalInteger("status") ?? 503;
  if (status < 400 || status > 599) throw unprocessable("status must be 400 to 599");
  return {
    method: (fields.optionalString("method") ?? "*").toUpperCase(),
    path,
    kind,
    status,
    nth,
    times,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}
