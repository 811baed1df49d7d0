import type { SQLOutputValue } from "node:sqlite";

export const hostStatuses = ["working", "standby", "maintenance", "poweroff"] as const;
export type HostStatus = (typeof hostStatuses)[number];

/** A role as Mackerel names it in full, `service:role`. */
export interface Role {
  readonly service: string;
  readonly role: string;
}

/** What an agent says of its host when it registers and on each update; absent properties keep their value. */
export interface HostDescription {
  readonly name: string;
  readonly displayName?: string;
  readonly customIdentifier?: string | null;
  readonly memo?: string;
  readonly meta: object;
  readonly interfaces?: readonly object[] | null;
  readonly roles: readonly Role[];
  readonly checks?: readonly object[] | null;
}

/** A host as the API shows it. Times are Unix seconds. */
export interface Host {
  readonly id: string;
  readonly name: string;
  readonly displayName?: string;
  readonly customIdentifier?: string;
  readonly type: "agent";
  readonly size: "standard";
  readonly status: HostStatus;
  readonly memo: string;
  readonly isRetired: boolean;
  readonly retiredAt?: number;
  readonly createdAt: number;
  readonly roles: Record<string, string[]>;
  readonly meta: object;
  readonly interfaces: readonly object[];
}

export interface HostFilter {
  readonly service?: string | undefined;
  readonly roles: readonly string[];
  readonly name?: string | undefined;
  readonly customIdentifier?: string | undefined;
  readonly statuses: readonly HostStatus[];
}

type Row = Readonly<Record<string, SQLOutputValue>>;

/** The host of a row of `hosts` and its rows of `host_roles`. */
export function hostOf(row: Row, held: readonly Row[]): Host {
  const roles: Record<string, string[]> = {};
  for (const { service, role } of held) (roles[String(service)] ??= []).push(String(role));
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    ...(row["display_name"] === null ? {} : { displayName: String(row["display_name"]) }),
    ...(row["custom_identifier"] === null ? {} : { customIdentifier: String(row["custom_identifier"]) }),
    type: "agent",
    size: "standard",
    status: row["status"] as HostStatus,
    memo: String(row["memo"]),
    isRetired: row["retired_at"] !== null,
    ...(row["retired_at"] === null ? {} : { retiredAt: Number(row["retired_at"]) }),
    createdAt: Number(row["created_at"]),
    roles,
    meta: JSON.parse(String(row["meta"])) as object,
    interfaces: JSON.parse(String(row["interfaces"])) as object[],
  };
}
