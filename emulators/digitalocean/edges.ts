import { badRequest, errorMessage, unprocessable } from "./requests/errors.ts";
import { Fields } from "./requests/fields.ts";

/** Where DigitalOcean is less kind than a simple emulator would be. The README has the source of each. */
export interface Edges {
  /** A droplet that has become active has an action of type droplet_metadata_create, which keeps it from others. */
  readonly metadataAction: boolean;
  /** A shutdown takes `delays.shutdown` instead of `delays.action`. */
  readonly slowShutdown: boolean;
  /**
   * Droplets with such a name do not follow a shutdown: the action is completed and they are active still. A regular
   * expression for the whole name; "" for none.
   */
  readonly ignoresShutdown: string;
  /** VPC members and attachments of volumes stay for `delays.release` after their droplet is gone. */
  readonly lateRelease: boolean;
  /** Networks of a droplet begin with the private one. */
  readonly privateAddressFirst: boolean;
  /**
   * Above the limit of a minute 0 requests remain, above that of an hour there is no retry-after; a caller without the
   * right token is told the limits too.
   */
  readonly rateLimitHeaders: boolean;
  /** A load balancer that works on an earlier change refuses the next one. */
  readonly busyLoadBalancer: boolean;
  /** A load balancer gets another size once an hour at most. */
  readonly hourlyResize: boolean;
  /** The keys of the account are listed ten times a minute at most. */
  readonly keyListLimit: boolean;
  /** An answer without content has the content type of all others. */
  readonly emptyAnswersHaveType: boolean;
  /** Slugs of images that can no longer be had: they are not listed, and droplets are not created from them. */
  readonly retiredImages: readonly string[];
}

const defaults: Edges = {
  metadataAction: true,
  slowShutdown: true,
  ignoresShutdown: "",
  lateRelease: true,
  privateAddressFirst: true,
  rateLimitHeaders: true,
  busyLoadBalancer: true,
  hourlyResize: true,
  keyListLimit: true,
  emptyAnswersHaveType: true,
  retiredImages: [],
};

/** Those that are on or off. */
export const edgeSwitches = Object.entries(defaults).flatMap(([name, value]) =>
  typeof value === "boolean" ? [name] : [],
);

/** The edges in force. They live in memory: a restart brings back what the options say. */
export class CurrentEdges {
  readonly #given: Partial<Edges>;
  #now: Edges;

  constructor(given: Partial<Edges>) {
    this.#given = given;
    this.#now = { ...defaults, ...given };
    requirePattern(this.#now.ignoresShutdown);
  }

  get now(): Edges {
    return this.#now;
  }

  reset(): void {
    this.#now = { ...defaults, ...this.#given };
  }

  /**
   * Changes those that the body names. Throws 400 for an unknown one, and 422 for a value of another type or a pattern that
   * is none or matches none of the `droplets`, which are the names of those that are there.
   */
  change(body: unknown, droplets: readonly string[]): Edges {
    const fields = new Fields(body);
    const unknown = Object.keys(body as object).find((key) => !(key in defaults));
    if (unknown !== undefined)
      throw badRequest(`there is no edge ${unknown}: there are ${Object.keys(defaults).join(", ")}`);
    const changed = Object.fromEntries(
      Object.keys(body as object).map((key) => {
        if (edgeSwitches.includes(key)) return [key, fields.boolean(key)];
        return [key, key === "retiredImages" ? fields.strings(key) : fields.optionalString(key)];
      }),
    ) as Partial<Edges>;
    if (changed.ignoresShutdown !== undefined) requireMatch(changed.ignoresShutdown, droplets);
    this.#now = { ...this.#now, ...changed };
    return this.#now;
  }

  ignoresShutdown(name: string): boolean {
    return matches(this.#now.ignoresShutdown, name);
  }
}

const matches = (pattern: string, name: string) =>
  pattern !== "" && new RegExp(`^(?:${pattern})$`).test(name);

function requireMatch(pattern: string, droplets: readonly string[]): void {
  requirePattern(pattern);
  if (pattern === "" || droplets.length === 0 || droplets.some((name) => matches(pattern, name))) return;
  throw unprocessable(
    `ignoresShutdown is a regular expression for the whole name of a droplet, and ${pattern} matches none of ` +
      droplets.join(", "),
  );
}

function requirePattern(pattern: string): void {
  try {
    new RegExp(pattern);
  } catch (error) {
    throw unprocessable(`ignoresShutdown is not a regular expression: ${errorMessage(error)}`);
  }
}
