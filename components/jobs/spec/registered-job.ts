import * as pulumi from "@pulumi/pulumi";
import type { RegisteredJob } from "./restoration.ts";

/** Outputs of a `nomad.Job` in the state, as far as they are read here. */
interface JobOutputs {
  readonly name: string;
  readonly namespace: string;
  readonly jobspec: string;
  readonly modifyIndex: string;
  readonly hcl2?: { readonly vars?: Readonly<Record<string, string>> };
}

/** Resources in the state of a stack, by URN. */
type StateOutputs = Readonly<Record<string, { readonly outputs: object }>>;

/** A program reads its state once, however many jobs it has. */
const states = new WeakMap<pulumi.Resource, Promise<StateOutputs>>();

/** The job of a resource of this stack as the last update or refresh left it; undefined if there was none. */
export async function registeredJob(urn: string): Promise<RegisteredJob | undefined> {
  const outputs = (await stackState())[urn]?.outputs as JobOutputs | undefined;
  if (outputs?.modifyIndex === undefined) return undefined;
  const { name, namespace, jobspec, modifyIndex, hcl2 } = outputs;
  return { id: name, namespace, modifyIndex, counts: declaredCounts(jobspec), marks: hcl2?.vars ?? {} };
}

function stackState(): Promise<StateOutputs> {
  const stack = pulumi.runtime.getStackResource();
  const known = stack && states.get(stack);
  if (known) return known;
  const read = readState();
  if (stack) states.set(stack, read);
  return read;
}

/** The engine's own function behind stack references, asked about the stack itself. */
async function readState(): Promise<StateOutputs> {
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName: pulumi.getStack(),
  })) as { readonly outputs?: StateOutputs };
  return answer.outputs ?? {};
}

function declaredCounts(jobspec: string): ReadonlyMap<string, number> {
  const { Job } = JSON.parse(jobspec) as {
    readonly Job?: { readonly TaskGroups?: readonly { readonly Name: string; readonly Count?: number }[] };
  };
  return new Map((Job?.TaskGroups ?? []).map(({ Name, Count }) => [Name, Count ?? 1]));
}
