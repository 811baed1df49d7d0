/** A message for the user, shown without a stack trace. */
export class UsageError extends Error {}
