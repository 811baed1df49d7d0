import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "./operator-error.ts";

/** One wrong argument: where it is, and what is wrong with which value and what to do about it. */
export interface ArgumentIssue {
  /** For example `operatorCidrs[1]`. */
  readonly propertyPath: string;
  readonly reason: string;
}

/** A property path, and why the value there cannot work; undefined if it can. */
export type Check = readonly [propertyPath: string, reason: string | undefined];

/** What the checks found, in their order. */
export function issuesOf(checks: readonly Check[]): ArgumentIssue[] {
  return checks.flatMap(([propertyPath, reason]) => (reason === undefined ? [] : [{ propertyPath, reason }]));
}

/** A check of each item of a list. */
export function each<Item>(
  propertyPath: string,
  items: readonly Item[],
  reason: (item: Item, index: number) => string | undefined,
): Check[] {
  return items.map((item, index) => [`${propertyPath}[${index}]`, reason(item, index)]);
}

/** Issues of a part of the arguments, as issues of the whole. */
export function under(propertyPath: string, issues: readonly ArgumentIssue[]): ArgumentIssue[] {
  return issues.map((issue) => ({ ...issue, propertyPath: `${propertyPath}.${issue.propertyPath}` }));
}

/** What arguments come to: every default filled in, and everything that is wrong with them. */
export interface Validation<Resolved> {
  readonly resolved: Resolved;
  readonly issues: readonly ArgumentIssue[];
}

/** For functions that have no resource to report under: throws all issues together. */
export function resolvedOrThrow<Resolved>({ resolved, issues }: Validation<Resolved>): Resolved {
  if (issues.length > 0) throw new Error(formatIssues("invalid arguments", issues));
  return resolved;
}

/** `args` with the defaults of what is left out or undefined. */
export function withDefaults<Args extends object, Defaults extends object>(
  args: Args,
  defaults: Defaults,
): Defaults & Omit<Args, keyof Defaults> & Pick<Required<Args>, keyof Args & keyof Defaults> {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as ReturnType<typeof withDefaults<Args, Defaults>>;
}

/** Says how the user wrote the argument at a path, for example as a stack's setting. */
export type ArgumentNames = (propertyPath: string) => string;

/** Arguments of a component that passed validation. */
export interface ValidatedArgs<Resolved> {
  readonly resolved: Resolved;
  /** For issues that are found only once values are known. */
  readonly nameOf: ArgumentNames;
}

const handedDown = new WeakMap<object, ValidatedArgs<unknown>>();

/**
 * Marks `args` as validated by the caller, who names them in its own words: the component that gets this very object does
 * not validate it again.
 */
export function handDown<Args extends object, Resolved>(
  args: Args,
  resolved: Resolved,
  nameOf: ArgumentNames,
): Args {
  handedDown.set(args, { resolved, nameOf });
  return args;
}

/**
 * The arguments of a component, validated here unless a caller has done so. Throws all issues together. Call it after
 * `super()` and before any child exists.
 */
export function validated<Args extends object, Resolved>(
  component: pulumi.Resource,
  args: Args,
  validate: (args: Args) => Validation<Resolved>,
): ValidatedArgs<Resolved> {
  const known = handedDown.get(args);
  if (known !== undefined) return known as ValidatedArgs<Resolved>;
  const { resolved, issues } = validate(args);
  if (issues.length > 0) throw new InvalidInputError(component, issues);
  return { resolved, nameOf: (propertyPath) => propertyPath };
}

/**
 * Arguments that cannot work, all of them together. Prints without a stack trace under the resource, and is an
 * `InputPropertiesError` for a caller that constructs the component remotely.
 */
class InvalidInputError extends pulumi.ResourceError {
  /** Read by `InputPropertiesError.isInstance`. */
  readonly __pulumiInputPropertiesError = true;
  readonly errors: ArgumentIssue[];

  constructor(resource: pulumi.Resource, issues: readonly ArgumentIssue[]) {
    super(formatIssues("invalid arguments", issues), resource, true);
    this.errors = [...issues];
  }
}

/** Arguments that turned out wrong only when their values, or the account's, were known. */
export class ResolvedInputError extends OperatorError {
  constructor(heading: string, issues: readonly ArgumentIssue[], nameOf: ArgumentNames) {
    super(
      formatIssues(
        heading,
        issues.map(({ propertyPath, reason }) => ({ propertyPath: nameOf(propertyPath), reason })),
      ),
    );
  }
}

export function formatIssues(heading: string, issues: readonly ArgumentIssue[]): string {
  return [`${heading}:`, ...issues.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`)].join(
    "\n",
  );
}
