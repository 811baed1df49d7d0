/** A host as its vendor lists it. */
export interface RegisteredHost {
  readonly id: string;
  /** What its agent was told to be called; undefined if nothing. */
  readonly name?: string;
}

/** A vendor's list of hosts, as far as it takes to retire those that are gone. */
export interface HostRegistry {
  /** The vendor's name, for messages. */
  readonly name: string;
  /** All hosts that are not retired. */
  hosts(): Promise<RegisteredHost[]>;
  /** What the host's agent marked it with: the address of its cluster, if it is a node's. */
  clusterAddress(id: string): Promise<unknown>;
  /** Nothing brings a retired host back, nor its metrics. */
  retire(id: string): Promise<void>;
  /** What to do about an API key that the vendor refuses; undefined for any other error. */
  keyAdvice(error: unknown): string | undefined;
}
