import * as pulumi from "@pulumi/pulumi";
import type { ConfigurationSource } from "../../../read-settings.ts";

/** The configuration of a stack with these values, held as Pulumi holds them: as texts, and what is not a text as JSON. */
export function configurationOf(values: Readonly<Record<string, unknown>>): ConfigurationSource {
  const get = <Value extends string>(key: string) => {
    const value = values[key];
    if (value === undefined) return undefined;
    return (typeof value === "string" ? value : JSON.stringify(value)) as Value;
  };
  const getSecret = <Value extends string>(key: string) => {
    const value = get<Value>(key);
    return value === undefined ? undefined : (pulumi.secret(value) as pulumi.Output<Value>);
  };
  return { name: "nomad-digitalocean", get, getSecret };
}
