// The program that the project's own is measured against: the same resources with the same dependencies, one by one.
import { readFileSync } from "node:fs";
import * as digitalocean from "@pulumi/digitalocean";
import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import type { FlatResource } from "../flat-stack.ts";

// As the project's own program does, so that it is not this that is compared.
Reflect.deleteProperty(Error, "prepareStackTrace");

type ResourceClass = new (
  name: string,
  inputs: pulumi.Inputs,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const packages: Record<string, object> = { digitalocean, nomad, random, tls };
const declared = new Map<string, pulumi.CustomResource>();

/** The class of `digitalocean:index/tag:Tag` or `pulumi:providers:digitalocean`. */
function resourceClass(type: string): ResourceClass {
  const [first = "", module = "", last = ""] = type.split(":");
  const [name, from] = module === "providers" ? ["Provider", last] : [last, first];
  const found = (packages[from] as Record<string, ResourceClass> | undefined)?.[name];
  if (found === undefined) throw new Error(`the flat program knows no resource of type ${type}`);
  return found;
}

function resource(urn: string): pulumi.CustomResource {
  const found = declared.get(urn);
  if (found === undefined) throw new Error(`${urn} is not declared before what depends on it`);
  return found;
}

/** A value of the state, its secrets as secrets. */
function inputValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inputValue);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { plaintext?: unknown };
  if (typeof plaintext === "string") return pulumi.secret(JSON.parse(plaintext) as unknown);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inputValue(part)]));
}

function declare({ type, name, inputs, provider, inputDependencies, dependsOn, options }: FlatResource) {
  const values = Object.entries(inputs).map(([input, value]) => {
    const sources = (inputDependencies[input] ?? []).map((urn) => resource(urn).id);
    return [
      input,
      sources.length === 0 ? inputValue(value) : pulumi.all(sources).apply(() => inputValue(value)),
    ] as const;
  });
  return new (resourceClass(type))(name, Object.fromEntries(values), {
    ...options,
    dependsOn: dependsOn.map(resource),
    ...(provider !== undefined && { provider: resource(provider) }),
  });
}

const file = process.env["BENCH_FLAT_RESOURCES"];
if (file === undefined) throw new Error("BENCH_FLAT_RESOURCES does not name the file of the resources");
for (const one of JSON.parse(readFileSync(file, "utf8")) as FlatResource[])
  declared.set(one.urn, declare(one));
