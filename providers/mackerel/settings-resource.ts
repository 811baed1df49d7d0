import type { InputProperty, ResourceType } from "../engine/resource-type.ts";
import type { Properties, Value } from "../engine/values.ts";
import { MackerelError } from "./client.ts";
import type { MackerelClient } from "./client.ts";

/** One kind of settings of an organization: what Mackerel keeps as a JSON object under an id. */
export interface SettingsKind {
  /** For example `/api/v0/monitors`. */
  readonly path: string;
  /** Property of the list's answer that has the objects. */
  readonly list: string;
  /** Whether one object can be asked for; if not, it is looked for in the list. */
  readonly isReadById: boolean;
  readonly inputs: Readonly<Record<string, InputProperty>>;
  /** What Mackerel takes for properties that are left out; without these the state would differ after a refresh. */
  readonly defaults: Properties;
  /** Properties of a creation that no later answer has, and no update. */
  readonly forCreation?: Properties;
  check?(inputs: Properties): { property: string; reason: string }[];
  /** Services, and roles as `service:role`, that have to exist before this can. */
  neededScopes?(inputs: Properties): string[];
}

/** How long a service or a role may take to appear, in seconds: a new host's agent makes them as it starts. */
const scopeTimeout = 300;
const pollInterval = 2_000;

/** A resource type of one kind of settings. Only the object with the resource's own id is ever changed. */
export function settingsResource(kind: SettingsKind): ResourceType<MackerelClient> {
  const inputs = Object.fromEntries(
    Object.entries(kind.inputs).map(([name, rule]) => [name, comparedWithDefault(rule, kind.defaults[name])]),
  );
  return {
    inputs,
    outputs: {},
    defaultTimeout: scopeTimeout,
    ...(kind.check && { check: (given) => kind.check!(given) }),
    create: async (client, given, { signal }) => {
      await waitForScopes(client, kind.neededScopes?.(given) ?? [], signal);
      const body = { ...bodyOf(kind, given), ...kind.forCreation };
      const { id } = await client.post<{ id: string }>(kind.path, body, signal);
      return { id, outputs: {} };
    },
    read: async (client, id, _state, { signal }) => {
      const found = await find(kind, client, id, signal);
      return found && { outputs: outputsOf(kind, found) };
    },
    update: async (client, id, _state, given, { signal }) => {
      await waitForScopes(client, kind.neededScopes?.(given) ?? [], signal);
      await client.put(`${kind.path}/${encodeURIComponent(id)}`, bodyOf(kind, given), signal);
      return {};
    },
    delete: (client, id, _state, { signal }) =>
      client.delete(`${kind.path}/${encodeURIComponent(id)}`, signal),
  };
}

/** A value that is left out means the default. */
function comparedWithDefault(rule: InputProperty, fallback: Value): InputProperty {
  const inner = rule.comparable ?? ((value: Value) => value);
  return {
    ...rule,
    comparable: (value, besides) => {
      const known = inner(value ?? fallback, besides);
      // Zero is a limit like any other, and to the engine of this plugin nothing.
      return typeof known === "number" ? String(known) : known;
    },
  };
}

/** Only what the table knows: the engine may add properties of its own. */
function bodyOf(kind: SettingsKind, given: Properties): Properties {
  const entries = Object.keys(kind.inputs).map((name) => [name, given[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

/** The properties as Mackerel has them; what is as Mackerel's default is left out, as most programs leave it. */
function outputsOf(kind: SettingsKind, found: Properties): Properties {
  const entries = Object.keys(kind.inputs).map((name) => {
    const value = found[name];
    const isDefault = JSON.stringify(value) === JSON.stringify(kind.defaults[name]);
    return [name, isDefault ? null : (value ?? null)] as const;
  });
  return Object.fromEntries(entries);
}

async function find(
  kind: SettingsKind,
  client: MackerelClient,
  id: string,
  signal: AbortSignal,
): Promise<Properties | undefined> {
  if (!kind.isReadById) {
    const answer = await client.get<Record<string, (Properties & { id: string })[]>>(kind.path, signal);
    return answer[kind.list]?.find((one) => one.id === id);
  }
  try {
    const answer = await client.get<Record<string, Properties>>(
      `${kind.path}/${encodeURIComponent(id)}`,
      signal,
    );
    return answer[kind.list.replace(/s$/, "")];
  } catch (error) {
    if (error instanceof MackerelError && error.status === 404) return undefined;
    throw error;
  }
}

interface Services {
  readonly services: readonly { readonly name: string; readonly roles: readonly string[] }[];
}

/** Mackerel refuses scopes that do not exist, and a role does from the first host that has it. */
async function waitForScopes(
  client: MackerelClient,
  needed: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (needed.length === 0) return;
  for (;;) {
    const { services } = await client.get<Services>("/api/v0/services", signal);
    const known = services.flatMap(({ name, roles }) => [name, ...roles.map((role) => `${name}:${role}`)]);
    const missing = needed.filter((scope) => !known.includes(scope));
    if (missing.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, pollInterval));
    if (signal.aborted)
      throw new Error(
        `Mackerel has no ${missing.join(" and no ")}: a service or role exists from the first host whose agent ` +
          "names it. Give the agents that role, or make it at Mackerel",
      );
  }
}
