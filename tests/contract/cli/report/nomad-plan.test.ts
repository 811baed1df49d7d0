import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { JobAllocation } from "../../../../components/clients/nomad/types.ts";
import { NomadClient } from "../../../../components/clients/nomad/client.ts";
import { jobChange } from "../../../../cli/report/jobs/changes.ts";
import { isLive } from "../../../../cli/report/jobs/picture.ts";
import type { GroupPicture, JobChange } from "../../../../cli/report/preview-report.ts";
import { findNomad, startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { change, job } from "./job-shapes.ts";
import type { Shape } from "./job-shapes.ts";

const nomad = findNomad();

describe.skipIf(nomad === undefined)("the picture of a job change (needs nomad on PATH)", () => {
  let agent: NomadAgent;
  let client: NomadClient;
  beforeAll(async () => {
    agent = await startNomadAgent(nomad ?? "");
    client = new NomadClient({ address: agent.address, caCertificate: "", token: agent.token });
  });
  afterAll(() => agent.stop());
  afterEach(async () => {
    for (const id of ["web", "other"]) await agent.call("DELETE", `/v1/job/${id}?purge=true`);
    await vi.waitFor(
      async () => {
        const live = [...(await live_("web")), ...(await live_("other"))];
        expect(live).toEqual([]);
      },
      { timeout: 30_000, interval: 200 },
    );
  });

  const live_ = async (id: string): Promise<JobAllocation[]> =>
    (await client.jobAllocations(id, "default")).filter(isLive);

  /** Registers a job and waits until Nomad has done with it all that it can. */
  async function run(shape: Shape): Promise<void> {
    const answer = await agent.call("POST", "/v1/jobs", { Job: job(shape) });
    expect(answer.status, await answer.text()).toBe(200);
    const id = job(shape).ID;
    await vi.waitFor(
      async () => {
        const evaluations = await client.jobEvaluations(id, "default");
        expect(evaluations.filter(({ Status }) => Status === "pending")).toEqual([]);
        if (evaluations.some(({ Status }) => Status === "blocked")) return;
        const { Version } = await client.job(id, "default");
        const live = await live_(id);
        const canaries = live.filter(({ JobVersion }) => JobVersion === Version).length;
        const done = shape.canary ? canaries === shape.canary : canaries === live.length && live.length > 0;
        expect(done && live.every(({ ClientStatus }) => ClientStatus === "running")).toBe(true);
      },
      { timeout: 60_000, interval: 200 },
    );
  }

  /** What became of the allocations, in the words of the picture. */
  function observed(before: readonly JobAllocation[], after: readonly JobAllocation[]) {
    const version = (id: string) => before.find(({ ID }) => ID === id)?.JobVersion;
    return {
      create: after.filter(({ ID }) => version(ID) === undefined).length,
      destroy: before.filter(({ ID }) => !after.some((one) => one.ID === ID)).length,
      updateInPlace: after.filter(
        ({ ID, JobVersion }) => version(ID) !== undefined && version(ID) !== JobVersion,
      ).length,
      keep: after.filter(({ ID, JobVersion }) => version(ID) === JobVersion).length,
    };
  }
  const counts = ([group]: readonly GroupPicture[]) => {
    const { create, destroy, updateInPlace, keep } = group!;
    return { create, destroy, updateInPlace, keep };
  };

  /** Reports on the change, makes it, and expects of the allocations what the report said. */
  async function compare(old: Shape | undefined, next: Shape): Promise<JobChange> {
    if (old) await run(old);
    const id = job(next).ID;
    const before = await live_(id);
    const report = await jobChange(change(old ? "update" : "create", old, next), client);
    expect(report.groups, report.notes.join()).toHaveLength(1);
    await run(next);
    expect(observed(before, await live_(id))).toEqual(counts(report.groups!));
    return report;
  }

  test("a new service job: every allocation is created", async () => {
    const report = await compare(undefined, {});
    expect(report).toMatchObject({ job: "web", effect: "created", fields: [] });
    expect(counts(report.groups!)).toEqual({ create: 3, destroy: 0, updateInPlace: 0, keep: 0 });
  });

  test.each([
    ["another service tag", { tag: "b" }],
    ["another priority", { priority: 60 }],
  ])("%s: every allocation is updated in place", async (_, next) => {
    const report = await compare({}, next);
    expect(report.effect).toBe("in place");
    expect(counts(report.groups!)).toEqual({ create: 0, destroy: 0, updateInPlace: 3, keep: 0 });
  });

  test("another environment: every allocation is replaced, not only the first that Nomad's plan counts", async () => {
    const report = await compare({}, { value: "b" });
    expect(report).toMatchObject({ effect: "restarted", fields: [{ field: "web/web/Env[VALUE]" }] });
    expect(counts(report.groups!)).toEqual({ create: 3, destroy: 3, updateInPlace: 0, keep: 0 });
  });

  test("a higher count: the rest stays", async () => {
    const report = await compare({}, { count: 5 });
    expect(report).toMatchObject({
      effect: "in place",
      fields: [{ field: "web/Count", old: "3", new: "5" }],
    });
    expect(counts(report.groups!)).toEqual({ create: 2, destroy: 0, updateInPlace: 3, keep: 0 });
  });

  test("a lower count: some stop", async () => {
    const report = await compare({}, { count: 1 });
    expect(report.effect).toBe("in place");
    expect(counts(report.groups!)).toEqual({ create: 0, destroy: 2, updateInPlace: 1, keep: 0 });
  });

  test("a higher count and another environment: those that run are replaced too", async () => {
    const report = await compare({ count: 2 }, { count: 3, value: "b" });
    expect(report.effect).toBe("restarted");
    expect(counts(report.groups!)).toEqual({ create: 3, destroy: 2, updateInPlace: 0, keep: 0 });
  });

  test("canaries: they are created beside those that run", async () => {
    const report = await compare({}, { value: "b", canary: 1 });
    expect(report.groups).toMatchObject([{ canary: 1, create: 1, destroy: 0, keep: 3 }]);
  });

  test("more memory than any node has: nothing is placed, and what runs stays", async () => {
    const report = await compare({}, { memory: 90_000_000 });
    expect(report.groups).toMatchObject([
      { create: 0, destroy: 0, keep: 3, notPlaceable: { count: 1, reason: "memory exhausted on 1 node" } },
    ]);
    expect(report.fields).toEqual([{ field: "web/web/Resources.MemoryMB", old: "16", new: "90000000" }]);
  });

  test("a new job with more memory than any node has: nothing is placed", async () => {
    const report = await compare(undefined, { memory: 90_000_000 });
    expect(report.groups).toMatchObject([{ create: 0, notPlaceable: { count: 3 } }]);
  });

  describe("of a system job", () => {
    test("that is new: an allocation on the node is created", async () => {
      const report = await compare(undefined, { type: "system" });
      expect(counts(report.groups!)).toEqual({ create: 1, destroy: 0, updateInPlace: 0, keep: 0 });
    });

    test("with another priority: it is updated in place, and none is created as Nomad's plan has it", async () => {
      const report = await compare({ type: "system" }, { type: "system", priority: 60 });
      expect(counts(report.groups!)).toEqual({ create: 0, destroy: 0, updateInPlace: 1, keep: 0 });
    });

    test("with another environment: it is replaced", async () => {
      const report = await compare({ type: "system" }, { type: "system", value: "b" });
      expect(report.effect).toBe("restarted");
      expect(counts(report.groups!)).toEqual({ create: 1, destroy: 1, updateInPlace: 0, keep: 0 });
    });

    test("with more memory than the node has: it stops and has no successor", async () => {
      const report = await compare({ type: "system" }, { type: "system", memory: 90_000_000 });
      expect(report.groups).toMatchObject([{ create: 0, destroy: 1, notPlaceable: { count: 1 } }]);
    });

    test("that needs the place of another job's allocation: that one is evicted", async () => {
      const [node] = await client.nodes();
      const detail = (await client.node(node!.ID)) as unknown as {
        NodeResources: { Memory: { MemoryMB: number } };
      };
      const memory = Math.floor(detail.NodeResources.Memory.MemoryMB * 0.6);
      await run({ id: "other", count: 1, priority: 20, memory });
      const report = await compare(undefined, { type: "system", priority: 80, memory });
      expect(report.preempted).toEqual([{ job: "other", group: "web", count: 1 }]);
      expect(await live_("other")).toEqual([]);
    });
  });

  test("a job that is removed: every allocation stops", async () => {
    await run({});
    const report = await jobChange(change("delete", {}, undefined), client);
    expect(report).toMatchObject({ effect: "removed", groups: [{ create: 0, destroy: 3 }] });
    await agent.call("DELETE", "/v1/job/web?purge=true");
    await vi.waitFor(async () => expect(await live_("web")).toEqual([]), { timeout: 60_000 });
  });

  test("a job that is replaced: every allocation stops, and what comes then is not known", async () => {
    await run({});
    const report = await jobChange(change("replace", {}, { type: "system" }), client);
    expect(report).toMatchObject({ effect: "replaced", groups: [{ create: null, destroy: 3 }] });
    expect(report.notes).toEqual([expect.stringContaining("cannot plan")]);
  });

  test("a cluster that does not answer: the note says so, and no secret of it", async () => {
    const closed = new NomadClient({ address: "http://127.0.0.1:9", caCertificate: "", token: "canary" });
    const report = await jobChange(change("update", {}, { value: "b" }), closed);
    expect(report).toMatchObject({ effect: "unknown", groups: null });
    expect(report.notes).toEqual([expect.stringContaining("ECONNREFUSED")]);
    expect(JSON.stringify(report)).not.toContain("canary");
  });
});
