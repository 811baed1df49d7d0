import { readFileSync } from "node:fs";
import path from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** Events of a real preview of a stack of the sandbox or of a fault drill, without those that are not read and without unchanged resources. */
export function recordedEvents(name: string): EngineEvent[] {
  const file = path.join(import.meta.dirname, "events", `${name}.ndjson`);
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as EngineEvent);
}
