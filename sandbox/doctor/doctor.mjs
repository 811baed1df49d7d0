// @ts-check
import { gatherFacts } from "./gather.mjs";
import { judge } from "./judge.mjs";

/** @import { Finding } from "./facts.ts" */

/**
 * What is good and bad about this machine for the sandbox of the clone at `root`.
 * @param {string} root
 */
export async function doctor(root) {
  return judge(await gatherFacts(root, process.env));
}

/**
 * For the screen, a line for each finding and one for what mends it.
 * @param {readonly Finding[]} findings
 */
export function findingsText(findings) {
  const marks = { ok: "✔", warning: "▲", problem: "✖" };
  return findings
    .flatMap(({ subject, level, text, mend }) => [
      `${marks[level]} ${subject}: ${text}`,
      ...(mend === undefined ? [] : [`    ${mend}`]),
    ])
    .join("\n");
}
