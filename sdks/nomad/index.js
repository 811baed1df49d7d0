import * as pulumi from "@pulumi/pulumi";

// The published version: the engine looks for a plugin of this version.
const version = "2.6.1";

const secret = (value) => (value ? pulumi.secret(value) : undefined);

/**
 * A resource class of the provider.
 * required, inputs, outputs: property names; secretInputs are wrapped when given, secretOutputs are marked in the state.
 */
function resourceClass({
  type,
  required = [],
  inputs,
  outputs = [],
  secretInputs = [],
  secretOutputs = secretInputs,
}) {
  return class extends pulumi.CustomResource {
    /** @internal */
    static __pulumiType = type;

    static get(name, id, state, opts) {
      return new this(name, state, { ...opts, id });
    }

    static isInstance(obj) {
      return obj !== undefined && obj !== null && obj.__pulumiType === type;
    }

    constructor(name, argsOrState, opts = {}) {
      const values = {};
      if (opts.id) {
        for (const property of [...inputs, ...outputs]) values[property] = argsOrState?.[property];
      } else {
        for (const property of required) {
          if (argsOrState?.[property] === undefined && !opts.urn) {
            throw new Error(`Missing required property '${property}'`);
          }
        }
        for (const property of inputs) {
          const value = argsOrState?.[property];
          values[property] = secretInputs.includes(property) ? secret(value) : value;
        }
        for (const property of outputs) values[property] = undefined;
      }
      const options = pulumi.mergeOptions({ version }, opts);
      super(type, name, values, pulumi.mergeOptions(options, { additionalSecretOutputs: secretOutputs }));
    }
  };
}

export class Provider extends pulumi.ProviderResource {
  /** @internal */
  static __pulumiType = "nomad";

  static isInstance(obj) {
    return obj !== undefined && obj !== null && obj.__pulumiType === "pulumi:providers:nomad";
  }

  constructor(name, args = {}, opts = {}) {
    // Provider properties travel as strings, so whatever is not one is sent as JSON.
    const json = (value) => pulumi.output(value).apply(JSON.stringify);
    const inputs = {
      address: args.address,
      authJwt: json(args.authJwt),
      caFile: args.caFile,
      caPem: args.caPem,
      certFile: args.certFile,
      certPem: args.certPem,
      headers: json(secret(args.headers)),
      httpAuth: secret(args.httpAuth),
      ignoreEnvVars: json(args.ignoreEnvVars),
      keyFile: args.keyFile,
      keyPem: secret(args.keyPem),
      region: args.region,
      secretId: secret(args.secretId),
      skipVerify: json(args.skipVerify),
    };
    const options = pulumi.mergeOptions({ version }, opts);
    super(
      "nomad",
      name,
      inputs,
      pulumi.mergeOptions(options, { additionalSecretOutputs: ["httpAuth", "keyPem", "secretId"] }),
    );
  }
}

export const Job = resourceClass({
  type: "nomad:index/job:Job",
  required: ["jobspec"],
  inputs: [
    "deregisterOnDestroy",
    "deregisterOnIdChange",
    "detach",
    "hcl2",
    "jobspec",
    "json",
    "policyOverride",
    "preserveCounts",
    "purgeOnDestroy",
    "readAllocationIds",
    "rerunIfDead",
  ],
  outputs: [
    "allAtOnce",
    "allocationIds",
    "constraints",
    "createIndex",
    "datacenters",
    "deploymentId",
    "deploymentStatus",
    "modifyIndex",
    "name",
    "namespace",
    "parentId",
    "periodicConfigs",
    "priority",
    "region",
    "stable",
    "status",
    "statusDescription",
    "stop",
    "submitTime",
    "taskGroups",
    "type",
    "updateStrategies",
    "version",
  ],
});

export const Variable = resourceClass({
  type: "nomad:index/variable:Variable",
  required: ["path"],
  inputs: ["items", "itemsWo", "itemsWoVersion", "namespace", "path"],
  secretInputs: ["items", "itemsWo"],
});

export const AclPolicy = resourceClass({
  type: "nomad:index/aclPolicy:AclPolicy",
  required: ["rulesHcl"],
  inputs: ["description", "jobAcl", "name", "rulesHcl"],
});

export const AclToken = resourceClass({
  type: "nomad:index/aclToken:AclToken",
  required: ["type"],
  inputs: ["expirationTtl", "global", "name", "policies", "roles", "type"],
  outputs: ["accessorId", "createTime", "expirationTime", "secretId"],
  secretOutputs: ["secretId"],
});

export const Namespace = resourceClass({
  type: "nomad:index/namespace:Namespace",
  inputs: [
    "capabilities",
    "consulConfig",
    "description",
    "meta",
    "name",
    "nodePoolConfig",
    "quota",
    "vaultConfig",
  ],
});

export const SchedulerConfig = resourceClass({
  type: "nomad:index/schedulerConfig:SchedulerConfig",
  inputs: ["memoryOversubscriptionEnabled", "preemptionConfig", "schedulerAlgorithm"],
});
