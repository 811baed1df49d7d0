import { errorMessage } from "../error-message.ts";

export interface PollOptions {
  /** Milliseconds between two tries. Default 1,000. */
  readonly interval?: number;
  /** Milliseconds after which it fails. */
  readonly deadline: number;
  /** Gets what is waited for, at the start and then every few seconds. */
  readonly onProgress: (message: string) => void;
}

const progressInterval = 5_000;

/**
 * Calls `attempt` until it returns a value. One that returns {@link NotYet} or throws is tried again until the deadline;
 * then the last reason is the error.
 */
export async function poll<Value>(
  what: string,
  attempt: () => Promise<Value | NotYet>,
  { interval = 1_000, deadline, onProgress }: PollOptions,
): Promise<Value> {
  const started = Date.now();
  let reported = 0;
  for (;;) {
    const reason = await attempt().then(
      (value) => (value instanceof NotYet ? value.reason : { value }),
      (error: unknown) => {
        if (error instanceof PermanentError) throw error;
        return errorMessage(error);
      },
    );
    if (typeof reason !== "string") return reason.value;
    const waited = Date.now() - started;
    if (waited >= deadline)
      throw new Error(`${what} timed out after ${Math.round(waited / 1000)} s: ${reason}`);
    if (Date.now() - reported >= progressInterval) {
      onProgress(`${what}, ${Math.round(waited / 1000)} s: ${reason}`);
      reported = Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}

/** Not there yet, and why. */
export class NotYet {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A failure that waiting does not mend. */
export class PermanentError extends Error {}
