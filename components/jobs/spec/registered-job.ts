import type * as pulumi from "@pulumi/pulumi";
import { stackState, urnOfChild } from "../../stack-state.ts";
import type { RegisteredJob } from "./restoration.ts";

/** Outputs of a `nomad.Job` in the state, as far as they are read here. */
interface JobOutputs {
  readonly name: string;
  readonly namespace: string;
  readonly jobspec: string;
  readonly modifyIndex: string;
  readonly hcl2?: { readonly vars?: Readonly<Record<string, string>> };
}

/** Name of the resource in a `NomadJob` of this name. */
export const jobResourceName = (name: string): string => `${name}-job`;

/** URN of the resource in a `NomadJob` of this name. */
export function jobUrn(component: pulumi.Resource, name: string): Promise<string> {
  return urnOfChild(component, "nomad:index/job:Job", jobResourceName(name));
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
