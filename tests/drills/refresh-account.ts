import { accountTarget } from "../../components/rollout/recovery.ts";

/** What `refreshCommand` of the components says, without questions, as arguments of `pulumi`. */
export const refreshAccount = [
  ...["refresh", "--yes", "--skip-preview"],
  ...["--target", accountTarget, "--clear-pending-creates"],
] as const;
