import * as grpc from "@grpc/grpc-js";

/** An answer to a unary call as a promise. */
export type Handler<Request, Response> = (
  request: Request,
  call: grpc.ServerUnaryCall<Request, Response>,
) => Promise<Response> | Response;

/** An error that carries its own gRPC status to the engine. */
export class StatusError extends Error {
  readonly code: grpc.status;
  readonly metadata: grpc.Metadata | undefined;

  constructor(code: grpc.status, message: string, metadata?: grpc.Metadata) {
    super(message);
    this.code = code;
    this.metadata = metadata;
  }
}

function toServiceError(error: unknown): Partial<grpc.ServiceError> {
  if (error instanceof StatusError) {
    return {
      code: error.code,
      details: error.message,
      ...(error.metadata === undefined ? {} : { metadata: error.metadata }),
    };
  }
  return { code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}

/** Wraps a promise-returning handler for grpc-js. */
export function unary<Request, Response>(
  handler: Handler<Request, Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handler(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

/** Wraps a promise-returning handler of a call that answers with a stream, which ends when the promise does. */
export function streaming<Request, Response>(
  handler: (call: grpc.ServerWritableStream<Request, Response>) => Promise<void>,
): grpc.handleServerStreamingCall<Request, Response> {
  return (call) => {
    Promise.resolve()
      .then(() => handler(call))
      .then(
        () => call.end(),
        (error: unknown) => call.emit("error", toServiceError(error)),
      );
  };
}

function unimplemented(name: string, streams: boolean): grpc.UntypedHandleCall {
  const error = { code: grpc.status.UNIMPLEMENTED, details: `this plugin does not implement ${name}` };
  if (streams) return (call: grpc.ServerWritableStream<unknown, unknown>) => void call.emit("error", error);
  return (_call: unknown, callback: grpc.sendUnaryData<unknown>) => callback(error);
}

/**
 * Serves one Pulumi plugin on a free local port and prints that port, which is how the engine finds it. Methods of
 * the service that `handlers` lacks answer UNIMPLEMENTED. The process ends when the engine closes its end of stdin.
 */
export async function servePlugin(
  service: grpc.ServiceDefinition,
  handlers: Partial<grpc.UntypedServiceImplementation>,
): Promise<void> {
  const implementation: grpc.UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(service)) {
    implementation[name] = handlers[name] ?? unimplemented(name, method.responseStream);
  }
  const server = new grpc.Server({
    "grpc.max_receive_message_length": 400 * 1024 * 1024,
    "grpc.max_send_message_length": 400 * 1024 * 1024,
  });
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  process.stdin.on("end", () => process.exit(0)).resume();
  process.stdout.write(`${port}\n`);
}
