import type { FieldDiff, ObjectDiff } from "../../components/clients/nomad/types.ts";
import type { FieldChange } from "./preview-report.ts";

/** The fields of a job that a plan says will change. */
export function fieldChanges(diff: ObjectDiff): FieldChange[] {
  return [
    ...own(diff, ""),
    ...(diff.TaskGroups ?? []).flatMap((group) => [
      ...own(group, `${group.Name}/`),
      ...(group.Tasks ?? []).flatMap((task) => own(task, `${group.Name}/${task.Name}/`)),
    ]),
  ];
}

function own({ Fields, Objects }: ObjectDiff, prefix: string): FieldChange[] {
  return [
    ...(Fields ?? []).filter(({ Type }) => Type !== "None").map((field) => fieldChange(field, prefix)),
    ...(Objects ?? [])
      .filter(({ Type }) => Type !== "None")
      .flatMap((object) => own(object, `${prefix}${object.Name}.`)),
  ];
}

function fieldChange({ Name, Old, New }: FieldDiff, prefix: string): FieldChange {
  const field = prefix + Name;
  if (!isPlain(Name, Old) || !isPlain(Name, New)) return { field };
  return { field, ...(Old !== "" && { old: Old }), ...(New !== "" && { new: New }) };
}

/** A job should hold no secret, but who wrote it may have put one into its environment, arguments or templates. */
function isPlain(name: string, value: string): boolean {
  return (
    !/^(Env|Meta)\[/.test(name) &&
    (/^(true|false|\d{0,15})$/.test(value) || name === "image" || name === "Type")
  );
}
