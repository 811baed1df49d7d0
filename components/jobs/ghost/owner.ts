import { readFileSync } from "node:fs";
import { checkNotEmpty, checkPattern } from "../../checks.ts";
import type { Check } from "../../validation.ts";
import type { Task } from "../spec/job.ts";
import { longestVariablePath } from "../spec/validation.ts";
import { variablePath } from "../spec/job.ts";
import type { ResolvedGhostSettings } from "./defaults.ts";

/** Task of the job that is Ghost, which makes its owner too. */
export const ghostTaskName = "ghost";

/** Id of the user `node` in Ghost's image, who runs Ghost. */
const ghostUser = 1000;

/** Ghost's own limit of a name and an address (Ghost 6.65, `schema.js`). */
const longestText = 191;

/** Path of the Variable that Nomad lets Ghost's task read, and no other of the job (Nomad documentation, "Workload Identity"). */
export function ownerVariablePath(jobId: string): string {
  return [variablePath(jobId), jobId, ghostTaskName].join("/");
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
 * What a program in Ghost's own process needs that answers nobody until the blog has an owner, and makes one if there is none.
 * Nothing of the owner is in it, so that the job stays as it is when the owner changes.
 */
export function makingOwner(jobId: string): Required<Pick<Task, "command" | "args" | "templates">> {
  const fields = items.map((item) => `"${item}":{{ .${item}.Value | toJSON }}`).join(",");
  return {
    // The image's start script knows Ghost by these words.
    command: "node",
    args: ["--import", "${NOMAD_TASK_DIR}/make-owner.mjs", "current/index.js"],
    templates: [
      {
        text: readFileSync(new URL("files/make-owner.mjs", import.meta.url), "utf8"),
        destination: "local/make-owner.mjs",
        onChange: "noop",
      },
      {
        text: `{{ with nomadVar "${ownerVariablePath(jobId)}" }}{${fields}}{{ end }}`,
        destination: "secrets/owner.json",
        permissions: "0400",
        owner: ghostUser,
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
