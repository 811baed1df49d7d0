import type { RequestEvent } from "../../../emulators/digitalocean/index.ts";

/** A request as the emulator logs it, answered with 200. */
export const request = (method: string, path: string, body?: object): RequestEvent => ({
  kind: "request",
  at: "2026-01-01T00:00:00.000Z",
  requestId: "",
  method,
  path,
  status: 200,
  milliseconds: 1,
  ...(body && { body }),
});
