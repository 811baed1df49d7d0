import type * as pulumi from "@pulumi/pulumi";

/** Options of a component's children: Pulumi hands down providers to them, but not `dependsOn`. */
export function childOptions(
  parent: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return opts?.dependsOn === undefined ? { parent } : { parent, dependsOn: opts.dependsOn };
}
