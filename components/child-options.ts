import * as pulumi from "@pulumi/pulumi";

/** Options of a component's children: Pulumi hands down providers to them, but not `dependsOn`. */
export function childOptions(
  parent: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return opts?.dependsOn === undefined ? { parent } : { parent, dependsOn: opts.dependsOn };
}

/** For `dependsOn`: waits for the values, for the resources among them, and for those behind the ones that are Outputs. */
export function after(...values: readonly unknown[]): pulumi.Output<pulumi.Resource[]> {
  // An Output of a resource does not depend on it.
  return pulumi
    .all(values.map((value) => pulumi.output(value)))
    .apply((known) => known.flat().filter((one) => pulumi.Resource.isInstance(one)));
}
