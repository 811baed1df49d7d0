import { stackState } from "../../stack-state.ts";
import type { RegisteredJob } from "./restoration.ts";

/** Outputs of a `nomad.Job` in the state, as far as they are read here. */
interface JobOutputs {
  readonly name: string;
  readonly namespace: string;
  readonly jobspec: string;
  readonly modifyIndex: string;
  readonly hcl2?: { readonly vars?: Readonly<Record<string, string>> };
}

/** The job of a resource of this stack as the last update or refresh left it; undefined if there was none. */
export async function registeredJob(urn: string): Promise<RegisteredJob | undefined> {
  const outputs = (await stackState())[urn]?.outputs as JobOutputs | undefined;
  if (outputs?.modifyIndex === undefined) return undefined;
  const { name, namespace, jobspec, modifyIndex, hcl2 } = outputs;
  return { id: name, namespace, modifyIndex, counts: declaredCounts(jobspec), marks: hcl2?.vars ?? {} };
}

function declaredCounts(jobspec: string): ReadonlyMap<string, number> {
  const { Job } = JSON.parse(jobspec) as {
    readonly Job?: { readonly TaskGroups?: readonly { readonly Name: string; readonly Count?: number }[] };
  };
  return new Map((Job?.TaskGroups ?? []).map(({ Name, Count }) => [Name, Count ?? 1]));
}
