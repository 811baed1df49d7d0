import { beforeAll, expect, test } from "vitest";
import { eventually, ghostNode, onDroplet, runningAllocations, status } from "../../support/sandbox.ts";
import type { Allocation } from "../../support/sandbox.ts";

const jobs = ["nginx", "mackerel"];
let node: string;
beforeAll(async () => {
  const ghost = await ghostNode();
  node = (await status()).nodes.find(({ name }) => name !== ghost)!.name;
});

const onNode = (script: string) => onDroplet(node, "sh", "-c", script);
/** The node's allocations that run, in the order of the jobs. */
async function allocations(): Promise<Allocation[]> {
  const running = await Promise.all(jobs.map((job) => runningAllocations(job)));
  return running.flatMap((all) => all.filter(({ NodeName }) => NodeName === node));
}

// Nomad gives an allocation up as soon as the daemon refuses a connection, and looks for the daemon every 30 s. Debian's
// docker.socket keeps a connection waiting instead, and starts the daemon for it.
test.each([
  ["is stopped, and started 15 s later", "systemctl stop docker; sleep 15; systemctl start docker"],
  ["dies", "systemctl kill --kill-who=main --signal=KILL docker"],
])("when Docker %s, the node's tasks are started again in their allocations", async (_, outage) => {
  const before = await allocations();
  expect(before).toHaveLength(jobs.length);
  await onNode(outage);
  await eventually(300, async () => {
    const after = await allocations();
    expect(after.map(({ ID }) => ID)).toEqual(before.map(({ ID }) => ID));
    for (const [index, { ID, TaskStates }] of after.entries())
      for (const [task, { State, StartedAt }] of Object.entries(TaskStates)) {
        expect(State).toBe("running");
        expect(StartedAt).not.toBe(before[index]!.TaskStates[task]!.StartedAt);
        expect(await onNode(`docker ps --quiet --filter name=${ID}`)).not.toBe("");
      }
    expect(await onNode("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1/nginx-health")).toBe("200");
  });
});
