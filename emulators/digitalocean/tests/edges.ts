import { afterEach, expect } from "vitest";
import type { DigitalOceanApiOptions } from "../index.ts";
import { startEmulator } from "./support.ts";
import type { TestEmulator } from "./support.ts";

/** Milliseconds, so that nothing takes long but what a test wants to. */
export const shortDelays = {
  ...{ droplet: 10, action: 10, firewall: 10, loadBalancer: 10, certificate: 10 },
  ...{ metadata: 10, shutdown: 10, release: 10 },
};

/** What tests of edges ask of an emulator, which `start` starts and the end of each test closes. */
export function edgeTests() {
  let emulator: TestEmulator;
  afterEach(() => emulator.close());
  return {
    emulator: () => emulator,
    start: async (options: Partial<DigitalOceanApiOptions> = {}) => {
      emulator = await startEmulator({ delays: shortDelays, ...options });
    },
    switchEdges: async (edges: object) =>
      expect((await emulator.call("POST", "/_emulator/edges", edges)).status).toBe(200),
    get: async <Body>(path: string) => (await emulator.call<Body>("GET", path)).body,
    create: async <Body>(path: string, body: unknown) => (await emulator.call<Body>("POST", path, body)).body,
    /** Status and message of a refusal, or the status alone. */
    asked: async (method: string, path: string, body?: unknown) => {
      const answer = await emulator.call(method, path, body);
      return answer.status < 300 ? answer.status : `${answer.status} ${answer.body.message}`;
    },
  };
}
