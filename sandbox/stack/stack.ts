import { existsSync } from "node:fs";
import type { SandboxSettings } from "../settings.ts";
import type { PulumiCli } from "./pulumi-cli.ts";
import { stackConfigFile } from "./pulumi-environment.ts";

/** The part of the stack's outputs that the sandbox uses. */
export interface StackOutputs {
  readonly nodes?: readonly {
    readonly name: string;
    readonly publicIp: string;
    readonly privateIp: string;
    readonly reservedIp?: string | null;
  }[];
  readonly nomadAddress?: string;
  readonly connection?: { readonly addresses?: readonly string[] };
  readonly caCertificate?: string;
  readonly managementToken?: string;
  readonly blogAddresses?: readonly string[];
  readonly blogUrl?: string;
}

/** The sandbox's stack, read with the Pulumi CLI at each call. */
export interface SandboxStack {
  /** In clear text, empty before the first update. */
  outputs(): Promise<StackOutputs>;
  /** A value of the configuration in clear text, by its full key; undefined if it is not set. */
  config(key: string): Promise<string | undefined>;
}

export function sandboxStack(settings: SandboxSettings, pulumi: PulumiCli): SandboxStack {
  const configFile = stackConfigFile(settings);
  return {
    outputs: async () => {
      if (!existsSync(configFile)) return {};
      return JSON.parse(await pulumi.output(["stack", "output", "--json", "--show-secrets"])) as StackOutputs;
    },
    config: async (key) => {
      if (!existsSync(configFile)) return undefined;
      const options = ["--config-file", configFile, "--json", "--show-secrets"];
      const values = JSON.parse(await pulumi.output(["config", ...options])) as Record<
        string,
        { value?: string }
      >;
      return values[key]?.value;
    },
  };
}
