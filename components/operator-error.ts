import * as pulumi from "@pulumi/pulumi";

/** What ends a run once values are known, in words for the operator and without a stack trace. */
export class OperatorError extends pulumi.RunError {
  constructor(message: string, options?: ErrorOptions) {
    super();
    this.cause = options?.cause;
    // Pulumi puts the name of each property that waited for the value before the message; no operator wants to read it.
    Object.defineProperty(this, "message", { get: () => message, set: () => {} });
  }
}
