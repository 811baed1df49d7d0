/** An answer of the API that is not a success. `id` and `message` are the two fields of DigitalOcean's error body. */
export class ApiError extends Error {
  readonly status: number;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, id: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.id = id;
    this.headers = headers;
  }
}

export const badRequest = (message: string) => new ApiError(400, "bad_request", message);
export const unauthorized = () => new ApiError(401, "unauthorized", "Unable to authenticate you");
export const forbidden = (message: string) => new ApiError(403, "forbidden", message);
export const notFound = () =>
  new ApiError(404, "not_found", "The resource you were accessing could not be found.");
export const conflict = (message: string) => new ApiError(409, "conflict", message);
export const preconditionFailed = (message: string) => new ApiError(412, "precondition_failed", message);
export const unprocessable = (message: string) => new ApiError(422, "unprocessable_entity", message);
export const pendingEvent = (what: "Droplet" | "The reserved IP" | "Volume") =>
  unprocessable(`${what} already has a pending event.`);

/** For what DigitalOcean does and this emulator does not: `what` names the route or the option. */
export const notEmulated = (what: string) =>
  new ApiError(501, "not_implemented", `The DigitalOcean emulator does not do this: ${what}.`);

const idsByStatus: Readonly<Record<number, string>> = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  412: "precondition_failed",
  422: "unprocessable_entity",
  429: "too_many_requests",
  503: "service_unavailable",
};

/** The `id` that goes with a status code. */
export function errorId(status: number): string {
  return idsByStatus[status] ?? (status >= 500 ? "server_error" : "error");
}

/** What an error says, of whatever kind it is. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
