/** Paths of the API, by the `doctl` command that deletes what is there. */
const collections: Readonly<Record<string, string>> = {
  vpcs: "vpcs",
  "compute firewall": "firewalls",
  "compute volume": "volumes",
  "compute ssh-key": "account/keys",
  "compute reserved-ip": "reserved_ips",
};

/** A deletion that the program asks its operator for. */
export interface PrintedDeletion {
  /** As it was printed. */
  readonly command: string;
  /** What it deletes, as the path of the API. */
  readonly path: string;
}

/** The deletions that the output of a preview names, each once. */
export function printedDeletions(output: string): PrintedDeletion[] {
  // Pulumi wraps no lines, and says of an error twice what it is.
  const commands = new Set(
    [...output.matchAll(/`(doctl [a-z -]+ delete [\w.-]+)`/g)].map(([, command]) => command!),
  );
  return [...commands].flatMap((command): PrintedDeletion[] => {
    const [, noun, id] = /^doctl ([a-z -]+) delete ([\w.-]+)$/.exec(command) ?? [];
    // The word that stands for the addresses in a sentence about several.
    if (noun === undefined || id === undefined || id === "ADDRESS") return [];
    const collection = collections[noun];
    if (collection === undefined) throw new Error(`the drill does not know the command ${command}`);
    return [{ command, path: `/v2/${collection}/${id}` }];
  });
}
