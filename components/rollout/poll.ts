/** Told what is waited for, at the start and then every few seconds. */
export type Progress = (message: string) => void;

export interface PollOptions {
  /** Milliseconds between two tries. Default 1,000. */
  readonly interval?: number;
  /** Milliseconds after which it fails. */
  readonly deadline: number;
  readonly progress: Progress;
}

const progressInterval = 5_000;

/**
 * Calls `attempt` until it returns a value. An attempt that is not there yet returns `waitingFor(reason)` or throws;
 * both are tried again until the deadline, then the last reason is the error.
 */
export async function poll<Value>(
  what: string,
  attempt: () => Promise<Value | Waiting>,
  { interval = 1_000, deadline, progress }: PollOptions,
): Promise<Value> {
  const started = Date.now();
  let told = 0;
  for (;;) {
    const reason = await attempt().then(
      (value) => (value instanceof Waiting ? value.reason : { value }),
      (error: unknown) => {
        if (error instanceof PermanentError) throw error;
        return errorMessage(error);
      },
    );
    if (typeof reason !== "string") return reason.value;
    const waited = Date.now() - started;
    if (waited >= deadline) throw new Error(`${what}: not after ${Math.round(waited / 1000)} s: ${reason}`);
    if (Date.now() - told >= progressInterval) {
      progress(`${what}, ${Math.round(waited / 1000)} s: ${reason}`);
      told = Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}

/** What a thrown value says. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Not there yet, and why. */
export class Waiting {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A failure that waiting does not mend. */
export class PermanentError extends Error {}
