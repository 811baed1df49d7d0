import * as pulumi from "@pulumi/pulumi";

/** Options of a component's children: Pulumi hands down providers to them, but not `dependsOn`. */
export function childOptions(
  parent: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return opts?.dependsOn === undefined ? { parent } : { parent, dependsOn: opts.dependsOn };
}

/** For `dependsOn`: waits for the values, and for the resources behind those that are Outputs. */
export function after(...values: readonly unknown[]): pulumi.Output<pulumi.Resource[]> {
  return pulumi.all(values.map((value) => pulumi.output(value))).apply((): pulumi.Resource[] => []);
}
