import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { operations } from "./operations.ts";
import { schemaFacts } from "./schema-facts.ts";

// Writes schemas.json, the schemas of all answers in use, and described.json, the operations that there are, from a checkout
// of https://github.com/digitalocean/openapi.
const [checkout] = process.argv.slice(2);
if (checkout === undefined) throw new Error("usage: node digest.ts CHECKOUT");

type Yaml = Readonly<Record<string, unknown>>;

const specification = path.resolve(checkout, "specification");
const documents = new Map<string, Yaml>();
const definitions: Record<string, unknown> = {};

function read(file: string): Yaml {
  const known = documents.get(file) ?? (parse(readFileSync(file, "utf8")) as Yaml);
  documents.set(file, known);
  return known;
}

interface Located {
  readonly value: Yaml;
  readonly file: string;
}

/** What a `$ref` in `file` points at. */
function target(ref: string, file: string): Located & { readonly name: string } {
  const [relative = "", pointer = ""] = ref.split("#");
  const found = relative === "" ? file : path.resolve(path.dirname(file), relative);
  const keys = pointer.split("/").filter((key) => key !== "");
  const value = keys.reduce<unknown>((part, key) => (part as Yaml)[key], read(found));
  const base = path.relative(specification, found).replace(/\.yml$/, "");
  return { value: value as Yaml, file: found, name: [base, ...keys].join("/").replaceAll("/", ".") };
}

function resolved(value: Yaml, file: string): Located {
  const ref = value["$ref"];
  if (typeof ref !== "string") return { value, file };
  const { value: next, file: nextFile } = target(ref, file);
  return resolved(next, nextFile);
}

/** The facts of a schema; those of schemas that it refers to become definitions. */
function facts(schema: unknown, file: string): unknown {
  const rename = (ref: string) => {
    const { value, file: found, name } = target(ref, file);
    if (!(name in definitions)) {
      definitions[name] = true;
      definitions[name] = facts(value, found);
    }
    return `#/$defs/${name}`;
  };
  const propertiesAt = (ref: string) => {
    const { value, file: found } = target(ref, file);
    return (facts({ properties: value }, found) as Yaml)["properties"];
  };
  return schemaFacts(schema, rename, propertiesAt);
}

const main = path.join(specification, "DigitalOcean-public.v2.yaml");
const paths = read(main)["paths"] as Record<string, Yaml>;

function answersOf(operation: string): Record<string, unknown> {
  const [method = "", template = ""] = operation.split(" ");
  const described = paths[template]?.[method.toLowerCase()];
  if (described === undefined) throw new Error(`the description has no operation ${operation}`);
  const { value, file } = resolved(described as Yaml, main);
  const successes = Object.entries(value["responses"] as Record<string, Yaml>).filter(([status]) =>
    status.startsWith("2"),
  );
  return Object.fromEntries(
    successes.map(([status, answer]) => {
      const { value: response, file: responseFile } = resolved(answer, file);
      const content = response["content"] as Record<string, Yaml> | undefined;
      const schema = content?.["application/json"]?.["schema"];
      return [status, schema === undefined ? null : facts(schema, responseFile)];
    }),
  );
}

/** Every operation of the description with its tag, by which the coverage page groups them. */
function describedOperations(): Record<string, string> {
  const verbs = ["get", "post", "put", "patch", "delete"];
  const described = Object.entries(paths).flatMap(([template, ofPath]) =>
    verbs.flatMap((verb) => {
      const operation = ofPath[verb];
      if (operation === undefined) return [];
      const [tag = ""] = (resolved(operation as Yaml, main).value["tags"] ?? []) as string[];
      return [[`${verb.toUpperCase()} ${template}`, tag] as const];
    }),
  );
  return Object.fromEntries(described);
}

const origin = {
  source: "https://github.com/digitalocean/openapi",
  commit: execFileSync("git", ["-C", checkout, "rev-parse", "HEAD"], { encoding: "utf8" }).trim(),
};
const digest = {
  ...origin,
  answers: Object.fromEntries(operations.map((operation) => [operation, answersOf(operation)])),
  error: facts({ $ref: "shared/models/error.yml" }, main),
  $defs: Object.fromEntries(Object.entries(definitions).sort(([one], [other]) => one.localeCompare(other))),
};
const write = (name: string, value: object) =>
  writeFileSync(path.join(import.meta.dirname, name), `${JSON.stringify(value, null, 1)}\n`);
write("schemas.json", digest);
write("described.json", { ...origin, operations: describedOperations() });
