import { checkPattern, checkWholeNumber } from "../../checks.ts";
import type { Check } from "../../validation.ts";
import type { ApiConstraint } from "./api-job.ts";

/** Which nodes may run a job (Nomad documentation, "constraint"). */
export interface Constraint {
  /**
   * What of the node is compared, for example `${meta.slot}`.
   * @default - nothing, for `distinct_hosts`
   */
  attribute?: string;
  /**
   * Nomad's operator of the constraint, for example `!=`, `regexp` or `version`.
   * @default `"="`
   */
  operator?: string;
  /**
   * What it is compared with.
   * @default - nothing, for `is_set` and `is_not_set`
   */
  value?: string;
}

export function renderConstraint({ attribute = "", operator = "=", value = "" }: Constraint): ApiConstraint {
  return { LTarget: attribute, Operand: operator, RTarget: value };
}

const comparing = ["=", "==", "is", "!=", "not", "<", "<=", ">", ">="];
const containing = ["set_contains", "set_contains_all", "set_contains_any"];
const existing = ["is_set", "is_not_set"];
const operators = [
  ...comparing,
  ...containing,
  ...existing,
  ...["regexp", "version", "semver", "distinct_hosts", "distinct_property"],
];

/** What Nomad would refuse of a constraint (1.11.3 and 2.0.5, `Constraint.Validate`). */
export function constraintChecks(path: string, constraint: Constraint): Check[] {
  const { attribute = "", operator = "=", value = "" } = constraint;
  if (!operators.includes(operator))
    return [[`${path}.operator`, `"${operator}" is none of Nomad's operators: ${operators.join(", ")}`]];
  return [
    [`${path}.attribute`, operator === "distinct_hosts" ? undefined : checkAttribute(attribute)],
    [`${path}.value`, checkValue(operator, value)],
  ];
}

function checkAttribute(attribute: string): string | undefined {
  if (attribute === "") return "is missing; name what of a node is compared, such as ${meta.slot}";
  if (!attribute.startsWith("$")) return undefined;
  return checkPattern(
    attribute,
    /^\$\{((attr|device|meta)\..*|node\.(unique\.id|unique\.name|datacenter|class|pool))\}$/,
    "an attribute of nodes: ${attr.NAME}, ${meta.NAME}, ${device.NAME}, ${node.class}, ${node.pool}, ${node.datacenter}, ${node.unique.name} or ${node.unique.id}",
  );
}

function checkValue(operator: string, value: string): string | undefined {
  if (existing.includes(operator))
    return value === "" ? undefined : `"${value}" is given, and ${operator} compares nothing; leave it out`;
  if ([...comparing, ...containing].includes(operator) && value === "")
    return `is missing; ${operator} compares with one`;
  if (operator === "regexp") return checkRegularExpression(value);
  if (operator === "version" || operator === "semver")
    return checkPattern(
      value,
      operator === "version" ? versionList(">=|<=|!=|~>|=|>|<") : versionList(">=|<=|!=|=|>|<"),
      'a list of versions, for example ">= 1.2, < 2.0"',
    );
  return operator === "distinct_property" && value !== ""
    ? checkWholeNumber(Number(value), { from: 1 })
    : undefined;
}

function versionList(comparisons: string): RegExp {
  const one = String.raw`\s*(${comparisons})?\s*v?\d+(\.\d+)*(-[\w.~-]+)?(\+[\w.~-]+)?\s*`;
  return new RegExp(`^${one}(,${one})*$`);
}

/** Nomad's are RE2's: no look-around and no back references, and flags at their beginning. */
function checkRegularExpression(text: string): string | undefined {
  if (/\(\?<?[=!]|\\[1-9]/.test(text))
    return `"${text}" looks around or back, which Nomad's regular expressions (RE2) cannot`;
  try {
    new RegExp(text.replace(/^\(\?[a-zA-Z]+\)/, "").replaceAll("(?P<", "(?<"));
    return undefined;
  } catch {
    return `"${text}" is not a regular expression`;
  }
}
