import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import acme from "acme-client";
import type { CertificateIssuer, DomainRecord } from "../../emulators/digitalocean/index.ts";
import { Queue } from "../droplets/queue.ts";
import { startPebble } from "./pebble.ts";
import type { Pebble, PebbleOptions } from "./pebble.ts";

export interface IssuerOptions extends PebbleOptions {
  /** PEM file that gets the roots of what is issued. */
  readonly rootsFile: string;
  /** The account's records. */
  readonly records: () => readonly DomainRecord[];
}

/** Let's Encrypt's own limit is far longer; a name server here answers at once. */
const polling = { backoffAttempts: 30, backoffMin: 200, backoffMax: 1000 };
const challengeTtl = 30;

/**
 * Has certificates issued by Pebble, which is started for the first of them. As DigitalOcean does, it proves a name by a TXT record
 * in the name's zone, which is in the account, and which Pebble asks the name server for.
 */
export class PebbleIssuer implements CertificateIssuer {
  readonly #options: IssuerOptions;
  readonly #challenges = new Map<string, string[]>();
  readonly #queue = new Queue();
  #pebble: Promise<Pebble> | undefined;

  constructor(options: IssuerOptions) {
    this.#options = options;
  }

  /** The account's records, and those of the proofs that are under way. */
  records(): readonly DomainRecord[] {
    const records = this.#options.records();
    const zones = new Set(records.map(({ domain }) => domain));
    const proofs = [...this.#challenges].flatMap(([name, values]) => {
      const domain = [...zones].find((zone) => name.endsWith(`.${zone}`));
      if (domain === undefined) return [];
      const common = {
        id: 0,
        domain,
        type: "TXT",
        name: name.slice(0, -domain.length - 1),
        ttl: challengeTtl,
      } as const;
      return values.map((data) => ({ ...common, data }));
    });
    return [...records, ...proofs];
  }

  /** One after another: rejects with what Pebble says if it cannot prove a name. */
  issue(dnsNames: readonly string[]) {
    return this.#queue.run("issue", () => this.#issue(dnsNames));
  }

  async close(): Promise<void> {
    await (await this.#pebble)?.close();
  }

  async #issue(dnsNames: readonly string[]) {
    this.#pebble ??= startPebble(this.#options);
    const pebble = await this.#pebble.catch((error: unknown) => {
      this.#pebble = undefined;
      throw error;
    });
    // No proxy is to be asked for an address of this machine.
    Object.assign(acme.axios.defaults, { httpsAgent: pebble.agent, proxy: false });
    const client = new acme.Client({
      directoryUrl: pebble.directoryUrl,
      accountKey: await acme.crypto.createPrivateEcdsaKey(),
      ...polling,
    });
    const [commonName] = dnsNames;
    const [key, csr] = await acme.crypto.createCsr(
      { ...(commonName !== undefined && { commonName }), altNames: [...dnsNames] },
      await acme.crypto.createPrivateEcdsaKey(),
    );
    const issued = await client.auto({
      csr,
      termsOfServiceAgreed: true,
      challengePriority: ["dns-01"],
      // The client would ask the name servers of the Internet.
      skipChallengeVerification: true,
      challengeCreateFn: ({ identifier }, _challenge, proof) => {
        const name = `_acme-challenge.${identifier.value}`;
        this.#challenges.set(name, [...(this.#challenges.get(name) ?? []), proof]);
        return Promise.resolve();
      },
      challengeRemoveFn: ({ identifier }, _challenge, proof) => {
        const name = `_acme-challenge.${identifier.value}`;
        // A wildcard and the name below which it is are proved under one name.
        const left = this.#challenges.get(name)?.filter((one) => one !== proof) ?? [];
        this.#challenges.set(name, left);
        return Promise.resolve();
      },
    });
    await keepRoot(this.#options.rootsFile, await pebble.root());
    const [leafCertificate = "", ...chain] = acme.crypto.splitPemChain(issued);
    return {
      privateKey: key.toString(),
      leafCertificate: `${leafCertificate.trim()}\n`,
      certificateChain: chain.join("\n"),
    };
  }
}

/** Those of before stay, for certificates that were issued then. */
async function keepRoot(file: string, root: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const known = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
  if (!known.includes(root.trim())) await appendFile(file, `${root.trim()}\n`);
}
