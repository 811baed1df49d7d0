import { setTimeout as sleep } from "node:timers/promises";
import { nomadRequest } from "../../components/clients/nomad/request.ts";
import type { NomadClientOptions } from "../../components/clients/nomad/request.ts";
import { ApiError, jsonOf, NoAnswerError } from "../../components/clients/request.ts";
import type { RegisteredJob } from "./restore-job.ts";

/** An allocation, as `GET /v1/job/ID/allocations` lists it. */
export interface Allocation {
  readonly ID: string;
  readonly CreateIndex: number;
  readonly ClientStatus: string;
  readonly DeploymentStatus: { readonly Healthy: boolean | null } | null;
  /** By name of the task; null until a client has taken the allocation. */
  readonly TaskStates: Readonly<
    Record<string, { readonly StartedAt: string | null; readonly Failed: boolean }>
  > | null;
}

/** Nomad's namespace of the platform's own jobs. */
const namespace = "default";
/** Milliseconds between two looks. */
const pause = 500;

/** The calls that a restore makes. */
export class RestoreCluster {
  readonly #options: NomadClientOptions;

  constructor(options: NomadClientOptions) {
    this.#options = options;
  }

  /** Undefined if there is none. */
  async job(id: string): Promise<RegisteredJob | undefined> {
    return this.#unlessAbsent(this.#call<RegisteredJob>("GET", this.#path("job", id)));
  }

  async register(job: object): Promise<void> {
    await this.#call("POST", "/v1/jobs", { Job: job });
  }

  async stop(id: string, { purge = false } = {}): Promise<void> {
    await this.#unlessAbsent(this.#call("DELETE", this.#path("job", id, "", `&purge=${purge}`)));
  }

  /** The newest first. */
  async allocations(id: string): Promise<Allocation[]> {
    const all = await this.#call<Allocation[]>("GET", this.#path("job", id, "/allocations"));
    return all.toSorted((one, other) => other.CreateIndex - one.CreateIndex);
  }

  /** Why the job's newest evaluation placed nothing; undefined if it did, or was not done yet. */
  async refusal(id: string): Promise<string | undefined> {
    const evaluations = await this.#call<
      { readonly Status: string; readonly FailedTGAllocs: Readonly<Record<string, object>> | null }[]
    >("GET", this.#path("job", id, "/evaluations"));
    const failed = evaluations.find(({ FailedTGAllocs }) => Object.keys(FailedTGAllocs ?? {}).length > 0);
    return failed && JSON.stringify(Object.values(failed.FailedTGAllocs!)[0]);
  }

  async variable(path: string): Promise<Readonly<Record<string, string>> | undefined> {
    const found = await this.#unlessAbsent(
      this.#call<{ Items: Record<string, string> }>("GET", `/v1/var/${path}?namespace=${namespace}`),
    );
    return found?.Items;
  }

  async setVariable(path: string, items: Readonly<Record<string, string>>): Promise<void> {
    const content = { Path: path, Namespace: namespace, Items: items };
    await this.#call("PUT", `/v1/var/${path}?namespace=${namespace}`, content);
  }

  async removeVariable(path: string): Promise<void> {
    await this.#unlessAbsent(this.#call("DELETE", `/v1/var/${path}?namespace=${namespace}`));
  }

  async log(allocation: string, task: string, type: "stdout" | "stderr"): Promise<string> {
    const query = `task=${task}&type=${type}&origin=start&plain=true&namespace=${namespace}`;
    const path = `/v1/client/fs/logs/${allocation}?${query}`;
    return (await nomadRequest(this.#options, "GET", path)).body.toString("utf8");
  }

  /** Looks until there is something; a server that does not answer meanwhile, or has no leader, is asked again. Fails after `minutes`. */
  async until<Found>(what: string, minutes: number, look: () => Promise<Found | undefined>): Promise<Found> {
    for (const end = Date.now() + minutes * 60_000; ; await sleep(pause)) {
      try {
        const found = await look();
        if (found !== undefined) return found;
      } catch (error) {
        const mayPass = error instanceof NoAnswerError || (error instanceof ApiError && error.status >= 500);
        if (!mayPass || Date.now() > end) throw error;
      }
      if (Date.now() > end) throw new Error(`${what} within ${minutes} minutes`);
    }
  }

  #path(kind: string, id: string, part = "", query = ""): string {
    return `/v1/${kind}/${encodeURIComponent(id)}${part}?namespace=${namespace}${query}`;
  }

  async #call<Answer>(method: string, path: string, content?: object): Promise<Answer> {
    return jsonOf(await nomadRequest(this.#options, method, path, content));
  }

  async #unlessAbsent<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }
}
