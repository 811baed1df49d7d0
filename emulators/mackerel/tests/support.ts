import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { mackerelApi } from "../server.ts";

export const readKey = "read-key-of-the-unit-test";
const writeKey = "write-key-of-the-unit-test";

export const startTime = 1_800_000_000;

export const registration = {
  name: "node-0",
  meta: {},
  interfaces: [],
  roleFullnames: ["blog:cluster"],
  checks: [],
};

/** The API in a folder of its own, asked without a network, at a time that the test sets. */
export class TestApi {
  /** Unix seconds. */
  now = startTime;
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), "mackerel-unit-"));
  readonly databaseFile = path.join(this.#folder, "state", "mackerel.db");
  #app: FastifyInstance = this.#open();

  #open(): FastifyInstance {
    return mackerelApi({
      databaseFile: this.databaseFile,
      apiKeys: [
        { key: writeKey, writes: true },
        { key: readKey, writes: false },
      ],
      now: () => this.now,
      evaluationInterval: 0,
    });
  }

  /** `key`: null for none. */
  async call(
    method: "GET" | "POST" | "PUT" | "DELETE",
    url: string,
    body?: unknown,
    key: string | null = writeKey,
  ) {
    const response = await this.#app.inject({
      method,
      url: `/api/v0/${url}`,
      headers: { ...(key === null ? {} : { "x-api-key": key }), "content-type": "application/json" },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
  }

  /** Has all monitors looked at, as once a minute, and returns the alerts that are open then. */
  async evaluate(): Promise<Record<string, unknown>[]> {
    const { statusCode } = await this.#app.inject({
      method: "POST",
      url: "/_emulator/evaluate",
      headers: { "x-api-key": writeKey },
    });
    if (statusCode !== 200) throw new Error(`the evaluation answered ${statusCode}`);
    return (await this.call("GET", "alerts")).body["alerts"] as Record<string, unknown>[];
  }

  /** Who was told of what: name of the channel, name of the monitor, status. */
  async told(): Promise<string[]> {
    const answer = await this.#app.inject({
      url: "/_emulator/notifications",
      headers: { "x-api-key": writeKey },
    });
    const { notifications } = answer.json<{ notifications: Record<string, string>[] }>();
    return notifications.map((one) => `${one["channelName"]}: ${one["monitorName"]} ${one["status"]}`);
  }

  /** Creates by a POST and returns the new id. */
  async create(url: string, body: object): Promise<string> {
    const answer = await this.call("POST", url, body);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return String(answer.body["id"]);
  }

  /** The new host's id. */
  async register(extra: object = {}): Promise<string> {
    const { status, body } = await this.call("POST", "hosts", { ...registration, ...extra });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return String(body["id"]);
  }

  /** `meanwhile` runs while it is down. */
  async restart(meanwhile: () => void = () => undefined): Promise<void> {
    await this.#app.close();
    meanwhile();
    this.#app = this.#open();
  }

  async close(): Promise<void> {
    await this.#app.close();
    rmSync(this.#folder, { recursive: true });
  }
}

export const metric = (hostId: string, time: number, value = 1, name = "loadavg5") => ({
  ...{ hostId, name, time, value },
});
