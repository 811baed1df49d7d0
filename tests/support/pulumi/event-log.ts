import { readFile } from "node:fs/promises";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** The events that a command of the CLI wrote to the file of its `--event-log`. */
export async function readEventLog(file: string): Promise<EngineEvent[]> {
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  return lines.map((line) => JSON.parse(line) as EngineEvent);
}
