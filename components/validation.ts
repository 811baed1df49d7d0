import * as pulumi from "@pulumi/pulumi";
import { StoppingError } from "./operator-error.ts";

/** One wrong argument: where it is, and what is wrong with which value and what to do about it. */
export interface Problem {
  /** As the caller wrote it, for example `operatorCidrs[1]`. */
  readonly propertyPath: string;
  readonly reason: string;
}

/** A property path, and what is wrong there; undefined if nothing is. */
export type Check = readonly [propertyPath: string, reason: string | undefined];

/** The checks that found something, in their order. */
export function problemsOf(checks: readonly Check[]): Problem[] {
  return checks.flatMap(([propertyPath, reason]) => (reason === undefined ? [] : [{ propertyPath, reason }]));
}

/** That `value` is not what is expected, or undefined if it matches. */
export function mismatch(value: string, pattern: RegExp, expectation: string): string | undefined {
  return pattern.test(value) ? undefined : `"${value}" is not ${expectation}`;
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

/** Arguments that turned out wrong only when their values, or the account's, were known. */
export class LateArgumentsError extends StoppingError {
  constructor(heading: string, problems: readonly Problem[]) {
    super(describeProblems(heading, problems));
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
