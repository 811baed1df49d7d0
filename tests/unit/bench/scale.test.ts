import { expect, it } from "vitest";
import { costPerNode, scaleJson, scaleTable } from "../../bench/scale-report.ts";

const machine = { cores: 2, memoryGiB: 24, node: "v24.0.0" };
const run = (seconds: number) => ({
  seconds,
  userSeconds: seconds / 2,
  programSeconds: seconds / 2,
  programCpuSeconds: 1,
  programRuns: 2,
});
const step = (clients: number, ...seconds: number[]) => ({
  clients,
  nodes: 3 + clients,
  growSeconds: 30,
  runs: seconds.map(run),
});

it("says by how much each further node lengthens an update, from the medians of the least and the most nodes", () => {
  const steps = [step(0, 6, 5, 90), step(3, 50), step(10, 8, 9, 7)];
  expect(costPerNode(steps)?.seconds).toBeCloseTo(0.2);
  expect(scaleTable(machine, steps)).toContain(
    "Each further node adds 200 ms (aim 50 ms, missed), and 100 ms of processor time.",
  );
  expect(JSON.parse(scaleJson(machine, steps))).toMatchObject({
    scale: { steps: [{ nodes: 3, seconds: { median: 6, least: 5, most: 90 }, programShare: 0.5 }, {}, {}] },
  });
});

it("says nothing of growth with one number of clients", () => {
  const steps = [step(3, 5)];
  expect(costPerNode(steps)).toBeUndefined();
  expect(scaleTable(machine, steps)).not.toContain("further node");
  expect(JSON.parse(scaleJson(machine, steps))).toMatchObject({ scale: { perNode: null } });
});
