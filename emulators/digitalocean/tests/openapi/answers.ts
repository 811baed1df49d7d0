import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2019 } from "ajv/dist/2019.js";
import type { ValidateFunction } from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
import { operations } from "./operations.ts";
import type { Operation } from "./operations.ts";

type Schema = Readonly<Record<string, unknown>>;

interface Digest {
  readonly answers: Readonly<Record<Operation, Readonly<Record<string, Schema | null>>>>;
  readonly error: Schema;
  readonly $defs: Readonly<Record<string, Schema>>;
}

const digest = JSON.parse(readFileSync(path.join(import.meta.dirname, "schemas.json"), "utf8")) as Digest;

/** The schema, for which a property that it does not name is wrong too. */
function closed(schema: Schema): Schema {
  const named = ["$ref", "properties", "allOf", "anyOf", "oneOf"].some((key) => key in schema);
  const open = withClosedParts(schema);
  return named && schema["additionalProperties"] === undefined
    ? { ...open, unevaluatedProperties: false }
    : open;
}

/** Closes what stands for a value of its own: properties and items. Parts of a combination add to one value. */
function withClosedParts(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === "properties") {
        const properties = Object.entries(value as Record<string, Schema>);
        return [key, Object.fromEntries(properties.map(([name, part]) => [name, closed(part)]))];
      }
      if (key === "items") return [key, closed(value as Schema)];
      const combined = ["allOf", "anyOf", "oneOf"].includes(key);
      return [key, combined ? (value as Schema[]).map(withClosedParts) : value];
    }),
  );
}

// Some of the description's patterns are no Unicode patterns: they escape what needs no escape.
const ajv = new Ajv2019({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const $defs = Object.fromEntries(
  Object.entries(digest.$defs).map(([name, schema]) => [name, withClosedParts(schema)]),
);
const compiled = new Map<string, ValidateFunction>();

function problemsOf(name: string, schema: Schema, body: unknown): string[] {
  const validate = compiled.get(name) ?? ajv.compile({ ...closed(schema), $defs });
  compiled.set(name, validate);
  if (validate(body)) return [];
  return (validate.errors ?? [])
    .filter(
      ({ instancePath, params }) =>
        !knownDifferences.some(
          ({ path: at, property }) => at.test(instancePath) && params["unevaluatedProperty"] === property,
        ),
    )
    .map(({ instancePath, message = "", params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** The operation of a request, by the segments of its path; a literal segment counts before a parameter. */
function operationOf(method: string, target: string): Operation | undefined {
  const { pathname } = new URL(target, "http://localhost");
  const fits = (operation: Operation) => {
    const [verb, template = ""] = operation.split(" ");
    const pattern = template.replaceAll(/\{\w+\}/g, "[^/]+");
    return verb === method && new RegExp(`^${pattern}$`).test(pathname);
  };
  const exact = operations.find((operation) => operation === `${method} ${pathname}`);
  return exact ?? operations.find(fits);
}

/** Properties, or values against a pattern, that the emulator answers although the description does not have them. */
const knownDifferences: readonly { readonly path: RegExp; readonly property?: string }[] = [
  // The pattern has the old name of a reserved IP only. godo makes the URN with today's.
  { path: /^\/resources\/\d+\/urn$/ },
  // godo, the client of Terraform's and Pulumi's providers, reads both limits from the account.
  { path: /^\/account$/, property: "reserved_ip_limit" },
  { path: /^\/account$/, property: "volume_limit" },
  // The description calls it "imgages"; its own example, and godo, say "images".
  { path: /^\/tags?(\/\d+)?\/resources$/, property: "images" },
];

/** The operations of which an answer was held to the description. */
export const checkedOperations = new Set<Operation>();

/** What in an answer contradicts DigitalOcean's OpenAPI description: wrong types, missing or unknown properties. */
export function contradictions(method: string, target: string, status: number, body: unknown): string[] {
  if (status >= 400) return problemsOf("error", digest.error, body);
  const operation = operationOf(method, target);
  if (operation === undefined) return [`${method} ${target} is not in the list of operations`];
  checkedOperations.add(operation);
  const schema = digest.answers[operation][String(status)];
  if (schema === undefined) return [`${operation} never answers ${status}`];
  if (schema === null) return body === undefined ? [] : [`${operation} answers ${status} without a body`];
  return problemsOf(`${operation} ${status}`, schema, body);
}
