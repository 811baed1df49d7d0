import { eventually, pulumi, status } from "./sandbox.ts";

interface Action {
  readonly id: number;
  readonly status: "in-progress" | "completed" | "errored";
}

/** The DigitalOcean account of the tests' sandbox, used past Pulumi, as its owner could in the control panel. */
export interface Account {
  get<Answer>(path: string): Promise<Answer>;
  /** Puts a whole resource in place of what it is. */
  put(path: string, resource: object): Promise<void>;
  /** Posts an action, for example to `/v2/droplets/1/actions`, and waits until it is completed. */
  act(path: string, action: Readonly<Record<string, unknown>> & { readonly type: string }): Promise<void>;
}

export async function account(): Promise<Account> {
  const { digitalocean } = (await status()).addresses;
  const token = (await pulumi("config", "get", "digitalocean:token")).trim();
  const call = async <Answer>(path: string, options: RequestInit = {}): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(new URL(path, digitalocean), { ...options, headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  return {
    get: (path) => call(path),
    put: async (path, resource) => void (await call(path, { method: "PUT", body: JSON.stringify(resource) })),
    async act(path, body) {
      const begun = await call<{ action: Action }>(path, { method: "POST", body: JSON.stringify(body) });
      const { id } = begun.action;
      const done = await eventually(180, async () => {
        const { action } = await call<{ action: Action }>(`/v2/actions/${id}`);
        if (action.status === "in-progress") throw new Error(`${body.type} of ${path} goes on`);
        return action;
      });
      if (done.status !== "completed") throw new Error(`${body.type} of ${path} ended as ${done.status}`);
    },
  };
}
