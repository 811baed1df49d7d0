import * as pulumi from "@pulumi/pulumi";
import { stackState, urnOfChild } from "./stack-state.ts";
import { valueIfKnown } from "./value-if-known.ts";

/** What the program was the last to do outside of Pulumi's resources. */
interface WorkRecord {
  /** Counts up, so that the same work twice is a change. */
  readonly number: number;
  readonly work: string;
}

const nothingYet: WorkRecord = { number: 0, work: "nothing" };

/**
 * Says whether the program is to do the work, in English, that it has found: only if this is an update. `pulumi refresh
 * --run-program` and `pulumi destroy --run-program` run it too, tell it no difference, and change no resource by what it
 * declares. So the work is declared as a resource `name` first, and whether the engine has stored it says what runs. Without
 * work the resource stays as it is in the state, and no preview shows a change. It is false in a preview, and in an update whose
 * `--target` leaves the resource out.
 */
export async function recordWork(
  name: string,
  work: Promise<string | undefined>,
  parent: pulumi.ComponentResource,
): Promise<boolean> {
  const declared = Promise.all([work, recorded(name, parent)]).then(([found, last]) =>
    found === undefined ? last : { number: last.number + 1, work: found },
  );
  const stash = new pulumi.Stash(name, { input: declared }, { parent });
  const stored = pulumi.all([valueIfKnown(stash.id), valueIfKnown(stash.input)]);
  const answer = new Promise<[string | undefined, WorkRecord | undefined]>((resolve) =>
    stored.apply(resolve),
  );
  if (pulumi.runtime.isDryRun()) return false;
  const [id, input] = await answer;
  // One that the engine did not create has no id, and the SDK gives its inputs back.
  return (await work) !== undefined && id !== undefined && input?.number === (await declared).number;
}

async function recorded(name: string, parent: pulumi.ComponentResource): Promise<WorkRecord> {
  const [state, urn] = await Promise.all([stackState(), urnOfChild(parent, "pulumi:index:Stash", name)]);
  const outputs: { readonly input?: WorkRecord } | undefined = state[urn]?.outputs;
  return outputs?.input ?? nothingYet;
}
