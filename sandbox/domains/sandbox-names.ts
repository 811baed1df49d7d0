import dns from "node:dns";
import { existsSync, readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { ports, rootsFile } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";

/** What a program of this machine needs for names and certificates that only the sandbox knows. */
export interface SandboxNames {
  /** IPv4 addresses of a name by the sandbox's name server, as they are now; none if it does not know the name. */
  addressesOf(name: string): Promise<string[]>;
  /** Options of a connection to one of its names. */
  connection(): NamedConnection;
}

export interface NamedConnection {
  readonly lookup: LookupFunction;
  /** PEM of those who signed the sandbox's certificates; not given while none was issued. */
  readonly ca?: string;
}

/** Name servers that know no such name, that have another kind of record for it, and that are not asked for its zone. */
const unknown = new Set<string>([dns.NOTFOUND, dns.NODATA, dns.REFUSED]);

/** For the sandbox whose services listen at `gateway`. */
export function sandboxNames(
  settings: Pick<SandboxSettings, "stateDir">,
  gateway: string,
  port: number = ports.dns,
): SandboxNames {
  const resolver = new dns.promises.Resolver({ timeout: 2000, tries: 5 });
  resolver.setServers([`${gateway}:${port}`]);
  const addressesOf = async (name: string) => {
    try {
      return await resolver.resolve4(name);
    } catch (error) {
      if (unknown.has((error as NodeJS.ErrnoException).code ?? "")) return [];
      throw error;
    }
  };
  return {
    addressesOf,
    connection: () => {
      const roots = rootsFile(settings);
      return { lookup: lookupBy(addressesOf), ...(existsSync(roots) && { ca: readFileSync(roots, "utf8") }) };
    },
  };
}

function lookupBy(addressesOf: SandboxNames["addressesOf"]): LookupFunction {
  return (name, { all }, callback) => {
    const failed = (error: NodeJS.ErrnoException) => callback(error, "", 4);
    addressesOf(name).then(([first, ...more]) => {
      if (first === undefined)
        failed(
          Object.assign(new Error(`the sandbox's name server does not know ${name}`), { code: dns.NOTFOUND }),
        );
      else if (all === true)
        callback(
          null,
          [first, ...more].map((address) => ({ address, family: 4 })),
        );
      else callback(null, first, 4);
    }, failed);
  };
}
