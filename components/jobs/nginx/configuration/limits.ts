export interface LimitSettings {
  /** Largest request body, in MiB. */
  readonly maxBodySize: number;
  /** Requests a second of one client, on average; four seconds' worth may come at once. */
  readonly clientRequestRate: number;
  /** Requests of one client that are under way at once. */
  readonly clientConnections: number;
}

/** What one client may take. Administrators are not counted: an import and an upload of images come in bursts. Nor
 * are programs of the same node. */
export function limitVariables({ maxBodySize, clientRequestRate }: LimitSettings): string {
  return `
  map "$is_admin:$remote_addr" $limited_client {
    default $binary_remote_addr;
    "~^1:" "";
    0:127.0.0.1 "";
  }
  limit_req_zone $limited_client zone=requests:2m rate=${clientRequestRate}r/s;
  limit_conn_zone $limited_client zone=connections:2m;
  limit_req_status 429;
  limit_conn_status 429;
  limit_req_log_level notice;
  limit_conn_log_level notice;

  client_max_body_size ${maxBodySize}m;
  client_header_timeout 10s;
  client_body_timeout 30s;
  send_timeout 30s;
  keepalive_timeout 30s;
  large_client_header_buffers 4 8k;
  reset_timedout_connection on;
`;
}

export function limitDirectives({ clientRequestRate, clientConnections }: LimitSettings): string {
  return `      limit_req zone=requests burst=${clientRequestRate * 4} nodelay;
      limit_conn connections ${clientConnections};
`;
}
