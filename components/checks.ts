import { milliseconds } from "./duration.ts";
import type { Duration } from "./duration.ts";

// Each says why a value cannot work, or undefined if it can.

export function checkPattern(value: string, pattern: RegExp, expectation: string): string | undefined {
  return pattern.test(value) ? undefined : `"${value}" is not ${expectation}`;
}

export function checkNotEmpty(value: string): string | undefined {
  return value.trim() === "" ? "is empty" : undefined;
}

/** `unit` is part of the reason, for example `of GiB`. */
export function checkWholeNumber(
  value: number,
  { from, to = Infinity, unit }: { from: number; to?: number; unit?: string },
): string | undefined {
  if (Number.isInteger(value) && value >= from && value <= to) return undefined;
  const range = to === Infinity ? `from ${from}` : `from ${from} to ${to}`;
  return [value, "is not a whole number", ...(unit === undefined ? [] : [unit]), range].join(" ");
}

export function checkPort(port: number): string | undefined {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
    ? undefined
    : `${port} is not a port from 1 to 65535`;
}

/** By Nomad's own rule. */
export function checkNamespace(namespace: string): string | undefined {
  return checkPattern(namespace, /^[a-zA-Z0-9-]{1,128}$/, "a namespace of letters, digits and hyphens");
}

export function checkBaseUrl(url: string): string | undefined {
  return checkPattern(
    url,
    /^https?:\/\/[^/\s]+(\/\S*)?[^/\s]$/,
    "an http or https URL without a slash at its end",
  );
}

export function checkDuration(duration: Duration): string | undefined {
  try {
    milliseconds(duration);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}
