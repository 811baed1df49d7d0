import type { JsonGeneralName, JsonName } from "@peculiar/x509";
import { isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";

const attributes: [string, string][] = [
  ["country", "C"],
  ["organization", "O"],
  ["organizationalUnit", "OU"],
  ["locality", "L"],
  ["province", "ST"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "CN"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "E"],
];

/** The subject as @peculiar/x509 takes it. */
export function subjectName(subject: Value): JsonName {
  if (!isMap(subject)) return [];
  const names: JsonName = [];
  for (const [property, attribute] of attributes) {
    const value = subject[property];
    if (typeof value === "string" && value !== "") names.push({ [attribute]: [value] });
  }
  const streets = subject["streetAddresses"];
  if (Array.isArray(streets)) for (const street of streets) names.push({ "2.5.4.9": [text(street)] });
  return names;
}

function texts(value: Value): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

/** The subject alternative names that the inputs ask for. */
export function alternativeNames(inputs: Properties): JsonGeneralName[] {
  return [
    ...texts(inputs["dnsNames"]).map((value) => ({ type: "dns" as const, value })),
    ...texts(inputs["ipAddresses"]).map((value) => ({ type: "ip" as const, value })),
    ...texts(inputs["uris"]).map((value) => ({ type: "url" as const, value })),
  ];
}
