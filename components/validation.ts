import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "./operator-error.ts";

/** One wrong argument: where it is, and what is wrong with which value and what to do about it. */
export interface ArgumentIssue {
  /** As the caller wrote it, for example `operatorCidrs[1]`. */
  readonly propertyPath: string;
  readonly reason: string;
}

/** A property path, and what is wrong there; undefined if nothing is. */
export type Check = readonly [propertyPath: string, reason: string | undefined];

/** The checks that found something, in their order. */
export function problemsOf(checks: readonly Check[]): ArgumentIssue[] {
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
export class InvalidInputError extends pulumi.ResourceError {
  /** Read by `InputPropertiesError.isInstance`. */
  readonly __pulumiInputPropertiesError = true;
  readonly errors: ArgumentIssue[];

  constructor(resource: pulumi.Resource, problems: readonly ArgumentIssue[]) {
    super(formatIssues("invalid arguments", problems), resource, true);
    this.errors = [...problems];
  }
}

/** Arguments that turned out wrong only when their values, or the account's, were known. */
export class ResolvedInputError extends OperatorError {
  constructor(heading: string, problems: readonly ArgumentIssue[]) {
    super(formatIssues(heading, problems));
  }
}

export function formatIssues(heading: string, problems: readonly ArgumentIssue[]): string {
  return [`${heading}:`, ...problems.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`)].join(
    "\n",
  );
}

/** Throws an {@link InvalidInputError} if there is any problem. Call it after `super()` and before any child exists. */
export function rejectProblems(resource: pulumi.Resource, problems: readonly ArgumentIssue[]): void {
  if (problems.length > 0) throw new InvalidInputError(resource, problems);
}
