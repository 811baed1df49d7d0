import * as pulumi from "@pulumi/pulumi";

/**
 * `value`, or undefined if this is a preview and the value is unknown until the update runs: `apply` does not run on such
 * an Output, and the SDK has no public `isKnown` (pulumi/pulumi#12044).
 */
export function valueIfKnown<Value>(value: pulumi.Input<Value>): pulumi.Output<Value | undefined> {
  const output = pulumi.output(value);
  const isKnown = pulumi.runtime
    .serializeProperties("valueIfKnown", { value: pulumi.unsecret(output) })
    .then((serialized) => serialized["value"] !== pulumi.runtime.unknownValue);
  return pulumi.output(isKnown).apply((known) => (known ? output : undefined)) as pulumi.Output<
    Value | undefined
  >;
}
