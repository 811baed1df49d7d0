import type { Properties } from "../../../../providers/engine/values.ts";
import type { CheckFailure } from "../../../../providers/engine/resource-type.ts";

const classes = [
  { flag: "lower", minimum: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
  { flag: "upper", minimum: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
  { flag: "numeric", minimum: "minNumeric", characters: "0123456789" },
  { flag: "special", minimum: "minSpecial", characters: "!@#$%&*()-_=+[]{}<>:?" },
] as const;

function charactersOf(inputs: Properties, { flag, characters }: (typeof classes)[number]): string {
  const override = inputs["overrideSpecial"];
  return flag === "special" && typeof override === "string" && override !== "" ? override : characters;
}

/** A password of `length` characters that has each class's minimum; `below` draws evenly from 0 up to its argument. */
export function password(inputs: Properties, below: (limit: number) => number): string {
  const pick = (characters: string) => characters.charAt(below(characters.length));
  const allowed = classes
    .filter(({ flag }) => inputs[flag] === true)
    .map((kind) => charactersOf(inputs, kind));
  const drawn: string[] = [];
  for (const kind of classes) {
    for (let count = Number(inputs[kind.minimum] ?? 0); count > 0; count--)
      drawn.push(pick(charactersOf(inputs, kind)));
  }
  while (drawn.length < Number(inputs["length"])) drawn.push(pick(allowed.join("")));
  for (let last = drawn.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [drawn[last], drawn[other]] = [drawn[other] ?? "", drawn[last] ?? ""];
  }
  return drawn.join("");
}

/** What no password can satisfy. */
export function passwordFailures(inputs: Properties): CheckFailure[] {
  const minimum = classes.reduce((sum, kind) => sum + Number(inputs[kind.minimum] ?? 0), 0);
  if (minimum > Number(inputs["length"]))
    return [{ property: "length", reason: `has to be at least the sum of the minimums, ${minimum}` }];
  if (!classes.some(({ flag }) => inputs[flag] === true))
    return [{ property: "special", reason: "at least one class of characters has to be allowed" }];
  return [];
}
