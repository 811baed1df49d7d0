import * as pulumi from "@pulumi/pulumi";

/** One wrong argument: where it is, and what is wrong with which value and what to do about it. */
export interface Problem {
  /** As the caller wrote it, for example `operatorCidrs[1]`. */
  readonly propertyPath: string;
  readonly reason: string;
}

/**
 * Arguments that cannot work, all of them together. Prints without a stack trace under the resource, and is an
 * `InputPropertiesError` for a caller that constructs the component remotely.
 */
export class ArgumentsError extends pulumi.ResourceError {
  /** Read by `InputPropertiesError.isInstance`. */
  readonly __pulumiInputPropertiesError = true;
  readonly errors: Problem[];

  constructor(resource: pulumi.Resource, problems: readonly Problem[]) {
    super(describeProblems("invalid arguments", problems), resource, true);
    this.errors = [...problems];
  }
}

export function describeProblems(heading: string, problems: readonly Problem[]): string {
  return [`${heading}:`, ...problems.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`)].join(
    "\n",
  );
}

/** Throws an {@link ArgumentsError} if there is any problem. Call it after `super()` and before any child exists. */
export function rejectProblems(resource: pulumi.Resource, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ArgumentsError(resource, problems);
}
