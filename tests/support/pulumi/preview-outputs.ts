import * as pulumi from "@pulumi/pulumi";

/** A resource with one value that its provider tells in a preview and one that it does not. */
class Certificate extends pulumi.CustomResource {
  declare readonly serial: pulumi.Output<string>;
  declare readonly pem: pulumi.Output<string>;

  constructor() {
    super("test:index:Certificate", "certificate", { serial: undefined, pem: undefined });
  }
}

/** Begins a preview on Pulumi's mocks; an Output that is known in it, `01`, and one that is not. */
export async function previewOutputs(): Promise<{
  known: pulumi.Output<string>;
  unknown: pulumi.Output<string>;
}> {
  const mocks = { newResource: () => ({ id: "1", state: { serial: "01" } }), call: () => ({}) };
  await pulumi.runtime.setMocks(mocks, "test", "test", true);
  const { serial, pem } = new Certificate();
  return { known: serial, unknown: pem };
}

/** The value of an Output that is known. */
export function settled<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}
