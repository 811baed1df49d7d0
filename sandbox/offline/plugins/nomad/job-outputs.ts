import { isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";

const maps = (value: Value) => (Array.isArray(value) ? value.filter(isMap) : []);
const seconds = (nanoseconds: Value) => `${Number(nanoseconds ?? 0) / 1e9}s`;

function updateStrategies(update: Value): Value[] {
  if (!isMap(update)) return [];
  return [
    {
      autoRevert: update["AutoRevert"] ?? false,
      canary: update["Canary"] ?? 0,
      healthCheck: update["HealthCheck"] ?? "",
      healthyDeadline: seconds(update["HealthyDeadline"]),
      maxParallel: update["MaxParallel"] ?? 0,
      minHealthyTime: seconds(update["MinHealthyTime"]),
      stagger: seconds(update["Stagger"]),
    },
  ];
}

function taskGroup(group: Properties): Value {
  return {
    name: group["Name"],
    count: group["Count"],
    meta: group["Meta"] ?? {},
    updateStrategies: updateStrategies(group["Update"]),
    volumes: (isMap(group["Volumes"]) ? Object.values(group["Volumes"]).filter(isMap) : []).map((volume) => ({
      name: volume["Name"],
      readOnly: volume["ReadOnly"] ?? false,
      source: volume["Source"],
      type: volume["Type"],
    })),
    tasks: maps(group["Tasks"]).map((task) => ({
      name: task["Name"],
      driver: task["Driver"],
      meta: task["Meta"] ?? {},
      volumeMounts: maps(task["VolumeMounts"]).map((mount) => ({
        destination: mount["Destination"],
        readOnly: mount["ReadOnly"] ?? false,
        volume: mount["Volume"],
      })),
    })),
  };
}

/** A job of the HTTP API as outputs. */
export function jobOutputs(job: Properties): Properties {
  return {
    name: job["ID"],
    type: job["Type"],
    region: job["Region"],
    datacenters: job["Datacenters"] ?? [],
    namespace: job["Namespace"],
    modifyIndex: text(job["JobModifyIndex"]),
    status: job["Status"],
    statusDescription: job["StatusDescription"] ?? "",
    version: job["Version"],
    submitTime: text(job["SubmitTime"]),
    createIndex: job["CreateIndex"],
    stop: job["Stop"] ?? false,
    priority: job["Priority"],
    parentId: job["ParentID"] ?? "",
    stable: job["Stable"] ?? false,
    allAtOnce: job["AllAtOnce"] ?? false,
    constraints: maps(job["Constraints"]).map((constraint) => ({
      ltarget: constraint["LTarget"],
      operand: constraint["Operand"],
      rtarget: constraint["RTarget"],
    })),
    updateStrategies: updateStrategies(job["Update"]),
    periodicConfigs: [],
    taskGroups: maps(job["TaskGroups"]).map(taskGroup),
  };
}
