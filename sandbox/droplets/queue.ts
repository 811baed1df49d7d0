/** Runs work one after another for each key, and work of different keys side by side. */
export class Queue {
  readonly #last = new Map<string, Promise<void>>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const previous = this.#last.get(key) ?? Promise.resolve();
    const result = previous.then(work);
    // The next in line goes on whether this one failed or not; its caller hears of the failure.
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, settled);
    return result;
  }
}
