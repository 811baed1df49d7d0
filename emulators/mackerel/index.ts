export type { LoggedRequest } from "./request-log.ts";
export { startMackerelApi } from "./server.ts";
export type { MackerelApi, MackerelApiOptions, MackerelServerOptions } from "./server.ts";
export { setApiKeys } from "./store/api-keys.ts";
export type { ApiKey } from "./store/api-keys.ts";
export type { Host, HostStatus } from "./store/host.ts";
