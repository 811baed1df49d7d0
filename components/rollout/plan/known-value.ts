import * as pulumi from "@pulumi/pulumi";

/** `value`, or undefined if this is a preview and only the update will tell it: `apply` does not run on such an Output. */
export function knownValue<Value>(value: pulumi.Input<Value>): pulumi.Output<Value | undefined> {
  const output = pulumi.output(value);
  // The form in which the engine gets it is the one public way to learn whether an Output is known.
  const isKnown = pulumi.runtime
    .serializeProperties("knownValue", { value: pulumi.unsecret(output) })
    .then((serialized) => serialized["value"] !== pulumi.runtime.unknownValue);
  return pulumi.output(isKnown).apply((known) => (known ? output : undefined)) as pulumi.Output<
    Value | undefined
  >;
}
