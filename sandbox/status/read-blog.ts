/** What one address of the blog answers at the moment. */
export interface BlogAnswer {
  /** URL of the front page, for example `http://192.0.2.10`. */
  readonly address: string;
  /** Status of its answer; null if none came in time. A redirect is not followed. */
  readonly httpStatus: number | null;
}

const timeoutSeconds = 5;

/** Requests the front page of every address at once. An address that does not answer within five seconds is no error. */
export function readBlog(addresses: readonly string[]): Promise<BlogAnswer[]> {
  return Promise.all(
    addresses.map(async (address) => ({ address, httpStatus: (await httpStatus(address)) ?? null })),
  );
}

/** Whether the address gives the blog: the front page, or a redirect to it, and not the holding page. */
export function answers({ httpStatus }: BlogAnswer): boolean {
  return httpStatus !== null && httpStatus >= 200 && httpStatus < 400;
}

/** The address with its HTTP status, for the screen. */
export function describeAnswer({ address, httpStatus }: BlogAnswer): string {
  return `${address} ${httpStatus === null ? "no answer" : `HTTP ${httpStatus}`}`;
}

async function httpStatus(address: string): Promise<number | undefined> {
  const options = { redirect: "manual", signal: AbortSignal.timeout(timeoutSeconds * 1000) } as const;
  try {
    const response = await fetch(address, options);
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    // What fetch throws when the connection fails or times out; any other error is a bug of this program.
    if (error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError"))
      return undefined;
    throw error;
  }
}
