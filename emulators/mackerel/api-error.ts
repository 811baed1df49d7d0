/** An answer of the API that is not a success; `message` is what the caller reads in the body. */
export class ApiError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.statusCode = statusCode;
  }
}

export const badRequest = (message: string): ApiError => new ApiError(400, message);
export const notFound = (what: string): ApiError => new ApiError(404, `${what} not found.`);

/** For what Mackerel does and this emulator does not: `what` names the call or the parameter. */
export const notImplemented = (what: string): ApiError =>
  new ApiError(501, `The Mackerel emulator does not do this: ${what}.`);
