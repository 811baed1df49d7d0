import type { PolicyResource } from "@pulumi/policy";

/**
 * Properties of a resource of the stack. A preview shows none while the resource's provider is not configured; then what
 * is unknown of the provider is read, by which Pulumi tells that the policy cannot be decided yet.
 */
export function propertiesOf<Properties extends object>(resource: PolicyResource): Partial<Properties> {
  if (Object.keys(resource.props).length === 0) Object.values(resource.provider?.props ?? {});
  return resource.props as Partial<Properties>;
}
