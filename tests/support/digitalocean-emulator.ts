import { startDigitalOceanApi, storedOnlyHypervisor } from "../../emulators/digitalocean/index.ts";
import type {
  DigitalOceanApiOptions,
  DomainRecord,
  StoredOnlyHypervisor,
} from "../../emulators/digitalocean/index.ts";

export const token = "token-of-the-test";

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** An account with one region in use, whose droplets are stored only. */
export interface TestEmulator {
  readonly url: string;
  readonly hypervisor: StoredOnlyHypervisor;
  /** All records of its domains. */
  records(): readonly DomainRecord[];
  call<Body = unknown>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
  close(): Promise<void>;
}

export async function startEmulator(
  options: Partial<Omit<DigitalOceanApiOptions, "hypervisor">> = {},
): Promise<TestEmulator> {
  const hypervisor = storedOnlyHypervisor();
  const api = await startDigitalOceanApi({
    tokens: [token],
    regionsWithDefaultVpc: ["sgp1"],
    delays: { droplet: 20, action: 20, firewall: 20, metadata: 20, shutdown: 20, release: 20 },
    ...options,
    hypervisor,
  });
  return {
    url: api.url,
    hypervisor,
    records: () => api.records(),
    async call<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
      const response = await fetch(`${api.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as Body };
    },
    close: () => api.close(),
  };
}
