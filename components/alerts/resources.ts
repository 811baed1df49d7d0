import * as pulumi from "@pulumi/pulumi";

// Resources of the provider plugin `mackerel`, which is `pulumi-resource-mackerel` of npm. Their properties are those of
// Mackerel's API v0.

/** How the resources below reach Mackerel. */
export class MackerelProvider extends pulumi.ProviderResource {
  constructor(
    name: string,
    props: { apiKey: pulumi.Input<string>; apiUrl: string },
    opts: pulumi.ResourceOptions,
  ) {
    super("mackerel", name, { apiUrl: props.apiUrl, apiKey: pulumi.secret(props.apiKey) }, opts);
  }
}

type Kind = "Monitor" | "Channel" | "NotificationGroup" | "Downtime";

/** One object of an organization's settings. */
export class MackerelSetting extends pulumi.CustomResource {
  constructor(kind: Kind, name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(`mackerel:index:${kind}`, name, props, opts);
  }
}
