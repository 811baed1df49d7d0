import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { vi } from "vitest";
import { contradictions } from "./openapi/answers.ts";
import { startDigitalOceanApi, storedOnlyHypervisor } from "../index.ts";
import type { DigitalOceanApiOptions, Hypervisor, StoredOnlyHypervisor } from "../index.ts";

export const token = "token-of-the-test";

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface TestEmulator {
  readonly url: string;
  readonly folder: string;
  readonly hypervisor: StoredOnlyHypervisor;
  /** One raw request, with the right token unless `headers` say otherwise. */
  call<Body = ErrorBody>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  close(): Promise<void>;
}

export interface ErrorBody {
  readonly id: string;
  readonly message: string;
  readonly request_id: string;
}

export function optionsIn(folder: string, hypervisor: Hypervisor): DigitalOceanApiOptions {
  return {
    databaseFile: path.join(folder, "digitalocean.db"),
    logFile: path.join(folder, "digitalocean.log"),
    hypervisor,
    tokens: [token],
    regionsWithDefaultVpc: ["sgp1"],
    delays: {
      ...{ droplet: 20, action: 20, firewall: 20, loadBalancer: 20, certificate: 20 },
      ...{ metadata: 20, shutdown: 20, release: 20 },
    },
  };
}

/** An emulator with droplets that are stored only, in a folder of its own that `close` removes unless it was given. */
export async function startEmulator(
  options: Partial<DigitalOceanApiOptions> = {},
  given?: { readonly folder: string; readonly hypervisor?: StoredOnlyHypervisor },
): Promise<TestEmulator> {
  const folder = given?.folder ?? mkdtempSync(path.join(tmpdir(), "digitalocean-"));
  const hypervisor = given?.hypervisor ?? storedOnlyHypervisor();
  const api = await startDigitalOceanApi({ ...optionsIn(folder, hypervisor), ...options });
  return {
    url: api.url,
    folder,
    hypervisor,
    call: (method, target, body, headers) => rawCall(api.url, method, target, body, headers),
    close: async () => {
      await api.close();
      if (given === undefined) rmSync(folder, { recursive: true });
    },
  };
}

/** Rejects when the answer contradicts DigitalOcean's OpenAPI description. */
export async function rawCall<Body>(
  url: string,
  method: string,
  target: string,
  body?: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${token}` },
): Promise<Answer<Body>> {
  const response = await fetch(`${url}${target}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === "" ? undefined : JSON.parse(text);
  const wrong = target.startsWith("/_emulator/")
    ? []
    : contradictions(method, target, response.status, answer);
  if (wrong.length > 0)
    throw new Error(`${method} ${target} ${response.status}: ${wrong.join("\n")}\n${text}`);
  return { status: response.status, headers: response.headers, body: answer as Body };
}

/** What was asked of volumes and of the droplets around them, in order. */
export function volumeCalls({ calls }: StoredOnlyHypervisor): string[] {
  return calls.flatMap((call) => {
    switch (call.method) {
      case "create":
        return [`create ${call.arguments[0].id}`];
      case "destroy":
        return [`destroy ${call.arguments[0]}`];
      case "attachVolume":
      case "detachVolume":
        return [`${call.method.replace("Volume", "")} ${call.arguments[1].name} ${call.arguments[0]}`];
      case "resizeVolume":
        return [`resize ${call.arguments[0].name} ${call.arguments[0].sizeGigabytes}`];
      case "destroyVolume":
        return [`destroy ${call.arguments[0].name}`];
      case "powerOn":
      case "powerOff":
      case "reboot":
      case "resize":
      case "setFirewall":
      case "setReservedIp":
      case "setLoadBalancer":
      case "removeLoadBalancer":
        return [];
    }
  });
}

export const dropletBody = {
  name: "node-1",
  region: "sgp1",
  size: "s-2vcpu-4gb",
  image: "debian-12-x64",
  user_data: "#cloud-config\n{}\n",
};

export interface RawDroplet {
  readonly id: number;
  readonly status: string;
  readonly locked: boolean;
  readonly name: string;
  readonly vpc_uuid: string;
  readonly networks: { readonly v4: readonly { readonly ip_address: string; readonly type: string }[] };
}

/** Repeats `check` until it does not throw; generous, for a machine that is busy with other things. */
export function eventually<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: 30_000, interval: 20 });
}

/** Waits until the droplet is active and nothing is pending on it. */
export async function waitForDroplet(emulator: TestEmulator, id: number): Promise<RawDroplet> {
  return eventually(async () => {
    const { body } = await emulator.call<{ droplet: RawDroplet }>("GET", `/v2/droplets/${id}`);
    const actions = await emulator.call<{ actions: { status: string }[] }>(
      "GET",
      `/v2/droplets/${id}/actions`,
    );
    if (body.droplet.status !== "active" || body.droplet.locked)
      throw new Error(`${id} is ${body.droplet.status}`);
    if (actions.body.actions.some((action) => action.status === "in-progress")) throw new Error("pending");
    return body.droplet;
  });
}

/** Creates a droplet and waits until it is active. */
export async function activeDroplet(emulator: TestEmulator, fields: object = {}): Promise<RawDroplet> {
  const { status, body } = await emulator.call<{ droplet: RawDroplet } & ErrorBody>("POST", "/v2/droplets", {
    ...dropletBody,
    ...fields,
  });
  if (status !== 202) throw new Error(body.message);
  return waitForDroplet(emulator, body.droplet.id);
}
