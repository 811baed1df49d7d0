import * as pulumi from "@pulumi/pulumi";

/** Resources in the state of a stack, by URN. */
type StateOutputs = Readonly<Record<string, { readonly outputs: object } | undefined>>;

/** A program reads its state once, however many resources it looks at. */
const states = new WeakMap<pulumi.Resource, Promise<StateOutputs>>();

/** This stack's resources as the last update or refresh left them. */
export function stackState(): Promise<StateOutputs> {
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

/** URN of a child of `parent`, as plain text: an Output would make what it is an input of depend on `parent`. */
export function urnOfChild(parent: pulumi.Resource, type: string, name: string): Promise<string> {
  return new Promise((resolve) => {
    pulumi.createUrn(name, type, parent).apply(resolve);
  });
}
