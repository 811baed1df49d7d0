import { readFileSync } from "node:fs";
import { checkNotEmpty, checkPattern } from "../../checks.ts";
import type { Check } from "../../validation.ts";
import type { Task } from "../spec/job.ts";
import { longestVariablePath } from "../spec/validation.ts";
import { variablePath } from "../spec/job.ts";
import type { ResolvedGhostSettings } from "./defaults.ts";

/** Task that makes Ghost's owner. */
export const ownerTaskName = "owner";

/** Ghost's own limit of a name and an address (Ghost 6.65, `schema.js`). */
const longestText = 191;

/** Path of the Variable that Nomad lets this task read, and no other of the job (Nomad documentation, "Workload Identity"). */
export function ownerVariablePath(jobId: string): string {
  return [variablePath(jobId), jobId, ownerTaskName].join("/");
}

/** Items of that Variable. */
export function ownerItems(
  { email, name, blogTitle }: NonNullable<ResolvedGhostSettings["owner"]>,
  password: string,
): Record<string, string> {
  return { email, name, blogTitle, password };
}

const items = Object.keys(ownerItems({ email: "", name: "", blogTitle: "" }, ""));

/**
 * Runs before Ghost in each new allocation: looks whether the blog has an owner, and makes one if not. It ends at once where
 * it has seen an owner before. Nothing of the owner is in it, so that the job stays as it is when the owner changes.
 */
export function ownerTask<Port extends string, Volume extends string>(
  ghost: Task<Port, Volume>,
  jobId: string,
): Task<Port, Volume> {
  const fields = items.map((item) => `"${item}":{{ .${item}.Value | toJSON }}`).join(",");
  return {
    ...ghost,
    lifecycle: { hook: "prestart" },
    security: {
      ...ghost.security,
      // As root it ends the Ghost that it started, which runs as another user.
      capabilities: [...(ghost.security?.capabilities ?? []), "KILL"],
    },
    command: "node",
    args: ["${NOMAD_TASK_DIR}/make-owner.mjs"],
    templates: [
      ...(ghost.templates ?? []),
      {
        text: readFileSync(new URL("files/make-owner.mjs", import.meta.url), "utf8"),
        destination: "local/make-owner.mjs",
        onChange: "noop",
      },
      {
        text: `{{ with nomadVar "${ownerVariablePath(jobId)}" }}{${fields}}{{ end }}`,
        destination: "secrets/owner.json",
        permissions: "0400",
        onChange: "noop",
      },
    ],
  };
}

export function ownerChecks({ owner, jobId }: ResolvedGhostSettings): Check[] {
  if (owner === undefined) return [];
  const length = ownerVariablePath(jobId).length;
  return [
    [
      "owner.email",
      checkPattern(
        owner.email,
        /^[^\s@"<>]+@[^\s@"<>]+\.[^\s@"<>.]+$/,
        "an address such as me@example.com",
      ) ?? checkLength(owner.email),
    ],
    ["owner.name", checkNotEmpty(owner.name) ?? checkLength(owner.name)],
    ["owner.blogTitle", checkNotEmpty(owner.blogTitle) ?? checkLength(owner.blogTitle)],
    [
      "jobId",
      length > longestVariablePath
        ? `"${jobId}" is too long for a job with an owner: its Variable's path has ${length} characters, and Nomad takes ${longestVariablePath}`
        : undefined,
    ],
  ];
}

function checkLength(value: string): string | undefined {
  return value.length > longestText
    ? `has ${value.length} characters, and Ghost takes ${longestText} at most`
    : undefined;
}
