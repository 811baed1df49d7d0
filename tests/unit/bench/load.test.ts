import { describe, expect, it } from "vitest";
import { loadJson, loadRatio, loadTable } from "../../bench/load-report.ts";
import { ghostNode, loadProblem, loadTargets, readerHeaders } from "../../bench/load.ts";
import type { JobStatus } from "../../../sandbox/status/status-report.ts";
import type { LoadResults } from "../../bench/load.ts";

const node = (name: string, publicIp: string) => ({
  name,
  publicIp,
  privateIp: "10.104.0.2",
  nomadStatus: "ready",
});
const ghost = (...allocations: JobStatus["allocations"]) => ({
  id: "ghost",
  type: "service",
  priority: 70,
  status: "running",
  allocations,
});
const blog = new URL("http://198.18.1.3");
const nodes = [node("server-1-7", "198.18.0.10"), node("server-2-8", "198.18.0.11")];

describe("what is put under load", () => {
  it("is ghost's own address, and nginx on the node that runs ghost", () => {
    const allocations = [
      { node: "server-1-7", status: "failed", lastEvents: [] },
      { node: "server-2-8", status: "running", lastEvents: [] },
    ];
    expect(ghostNode({ nodes, jobs: [ghost(...allocations)], problems: [] })).toBe(nodes[1]);
    const services = [{ Address: "10.104.0.3", Port: 28000 }];
    expect(loadTargets(services, blog, nodes[1]!)).toEqual({
      ghost: { name: "ghost alone", url: "http://10.104.0.3:28000/" },
      nginx: { name: "through nginx", url: "http://127.0.0.1/" },
    });
  });

  it("comes as from the load balancer where the blog is read by https, which Ghost would redirect to", () => {
    const secure = new URL("https://blog.nomad.test");
    const { nginx } = loadTargets([{ Address: "10.104.0.3", Port: 28000 }], secure, nodes[1]!);
    expect(nginx.url).toBe("http://10.104.0.2/");
    const forwarded = { "x-forwarded-proto": "https", "x-forwarded-for": "198.18.0.1" };
    expect(readerHeaders(secure, "198.18.0.1")).toEqual({ host: "blog.nomad.test", ...forwarded });
    expect(readerHeaders(blog, "198.18.0.1")).toEqual({ host: "198.18.1.3" });
  });

  it("is nothing while the sandbox does not run, and the reason is said", () => {
    const problem = "the sandbox is stopped: `npm start` goes on from its state";
    expect(() => ghostNode({ nodes, jobs: [], problems: [problem] })).toThrow(problem);
  });

  it.each([
    ["no job", []],
    ["no allocation", [ghost()]],
    ["none that runs", [ghost({ node: "server-1-7", status: "pending", lastEvents: [] })]],
  ])("is nothing while ghost has %s", (_case, jobs) => {
    expect(() => ghostNode({ nodes, jobs, problems: [] })).toThrow("ghost does not run");
  });

  it.each([0, 2])("is nothing while Nomad lists %i instances of ghost", (count) => {
    const services = Array.from({ length: count }, () => ({ Address: "10.104.0.3", Port: 28000 }));
    expect(() => loadTargets(services, blog, nodes[1]!)).toThrow(`${count} instances`);
  });
});

it.each([
  [100, 0, false],
  [100, 1, true],
  [0, 0, true],
])("a run with %i front pages and %i failures is refused: %s", (answers, failures, refused) => {
  expect(loadProblem("ghost alone", { answers, failures }) !== undefined).toBe(refused);
});

describe("the report of the load", () => {
  const run = (requestsPerSecond: number, p99Milliseconds: number) => ({
    requestsPerSecond,
    p50Milliseconds: 1000 / requestsPerSecond,
    p99Milliseconds,
    answers: requestsPerSecond * 10,
    failures: 0,
  });
  const results: LoadResults = {
    node: "server-2-8",
    connections: 20,
    seconds: 10,
    targets: [
      {
        name: "ghost alone",
        url: "http://10.104.0.3:28000/",
        runs: [run(100, 40), run(300, 10), run(200, 20)],
      },
      { name: "through nginx", url: "http://127.0.0.1/", runs: [run(150, 9), run(170, 50), run(500, 30)] },
    ],
  };
  const machine = { cores: 2, memoryGiB: 24, node: "v24.0.0" };

  it("takes the median of each number by itself, and nginx as a part of ghost", () => {
    expect(loadRatio(results)).toBe(0.85);
    expect(JSON.parse(loadJson(machine, results))).toMatchObject({
      machine: { cores: 2 },
      load: {
        ratio: 0.85,
        targets: [
          { medians: { requestsPerSecond: 200, p50Milliseconds: 5, p99Milliseconds: 20 } },
          { medians: { requestsPerSecond: 170, p99Milliseconds: 30 } },
        ],
      },
    });
  });

  it("shows the medians and every run", () => {
    const text = loadTable(machine, results);
    expect(text).toMatch(/ghost alone +│ 3 +│ 200 +│ 5\.0 ms +│ 20\.0 ms +│ 100, 300, 200/);
    expect(text).toContain("85 %");
  });
});
