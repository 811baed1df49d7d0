import { isIPv4 } from "node:net";
import { checksBackend, serverName } from "./haproxy-configuration.ts";

/** Columns of HAProxy's `show servers state`, version 1. */
const columns = [
  ...["be_id", "be_name", "srv_id", "srv_name", "srv_addr", "srv_op_state", "srv_admin_state"],
  ...["srv_uweight", "srv_iweight", "srv_time_since_last_change", "srv_check_status", "srv_check_result"],
  ...["srv_check_health", "srv_check_state", "srv_agent_state", "bk_f_forced_id", "srv_f_forced_id"],
  ...["srv_fqdn", "srv_port", "srvrecord", "srv_use_ssl", "srv_check_port", "srv_check_addr"],
  ...["srv_agent_addr", "srv_agent_port"],
] as const;

export interface CheckedServer {
  readonly dropletId: number;
  readonly address: string;
  readonly port: number;
}

/** Down, with no check made yet (status 1: with 0 none ever counts); state 6 says that checks are configured and on. */
const newServer = (server: CheckedServer): Readonly<Record<(typeof columns)[number], string>> => ({
  ...{ be_id: "0", be_name: checksBackend, srv_id: "0", srv_name: serverName(server.dropletId) },
  ...{ srv_addr: server.address, srv_op_state: "0", srv_admin_state: "0" },
  ...{ srv_uweight: "1", srv_iweight: "1", srv_time_since_last_change: "0" },
  ...{ srv_check_status: "1", srv_check_result: "0", srv_check_health: "0", srv_check_state: "6" },
  ...{ srv_agent_state: "0", bk_f_forced_id: "0", srv_f_forced_id: "0", srv_fqdn: "-" },
  ...{ srv_port: String(server.port), srvrecord: "-", srv_use_ssl: "0", srv_check_port: "0" },
  ...{ srv_check_addr: "-", srv_agent_addr: "-", srv_agent_port: "0" },
});

/**
 * The states that HAProxy starts with: those that `shown`, its answer to `show servers state`, has for servers of the same
 * name and address, and down for all others. Left to itself it takes a server for up until its first check has failed.
 */
export function serverStates(servers: readonly CheckedServer[], shown = ""): string {
  const known = shown
    .split("\n")
    .map((line) => line.split(" "))
    .filter((fields) => fields[1] === checksBackend && isIPv4(fields[4] ?? ""));
  const lines = servers.map((server) => {
    const found = known.find(
      (fields) => fields[3] === serverName(server.dropletId) && fields[4] === server.address,
    );
    const fresh = newServer(server);
    return (found ?? columns.map((column) => fresh[column])).join(" ");
  });
  return ["1", `# ${columns.join(" ")}`, ...lines, ""].join("\n");
}
