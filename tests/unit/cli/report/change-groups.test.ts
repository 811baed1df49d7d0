import { describe, expect, test } from "vitest";
import { nodeSection, otherChanges, secretChanges } from "../../../../cli/report/change-groups.ts";
import { policySection, previewErrors } from "../../../../cli/report/policy-section.ts";
import { resourceChanges } from "../../../../cli/report/resource-changes.ts";
import { recordedEvents } from "./events.ts";

const changes = (name: string) => resourceChanges(recordedEvents(name));
const nodes = (name: string) => nodeSection(changes(name), recordedEvents(name));

describe("recorded previews, in an operator's words:", () => {
  test("more servers and a client are created first, then every server is replaced, the leader last", () => {
    const section = nodes("servers-and-client");
    expect(section.changes.map(({ node, action }) => [node, action])).toEqual([
      ["faults-server-4", "create"],
      ["faults-server-5", "create"],
      ["faults-client-1", "create"],
      ["faults-server-1", "replace"],
      ["faults-server-2", "replace"],
      ["faults-server-3", "replace"],
    ]);
    expect(section.changes[3]!.properties).toEqual(["userData"]);
    expect(section.rollout).toMatch(
      /^created first: server-4, .*; replaced one after .*server-3 \(leader\)$/,
    );
    const created = ["server-4", "server-5", "client-1"].map((slot) => `nomad-certificates-${slot}`);
    expect(
      secretChanges(changes("servers-and-client"))
        .map(({ resource, action }) => [resource, action])
        .sort(),
    ).toEqual(
      created
        .flatMap((name) => [name, `${name}-key`, `${name}-request`])
        .map((name) => [name, "create"])
        .sort(),
    );
    const others = otherChanges(changes("servers-and-client")).map(
      ({ type, action }) => `${type.split(":").at(-1)} ${action}`,
    );
    expect(others.sort()).toEqual([
      ...Array<string>(2).fill("ReservedIp create"),
      ...Array<string>(2).fill("ReservedIpAssignment create"),
      ...Array<string>(3).fill("ReservedIpAssignment replace"),
    ]);
  });

  test("another size powers the nodes off one after another, the leader last, and a volume grows", () => {
    const section = nodes("sizes");
    expect(section.changes.map(({ node, action }) => [node, action])).toEqual(
      [1, 2, 3].map((slot) => [`nomad-sandbox-server-${slot}`, "resize"]),
    );
    expect(section.rollout).toMatch(/server-3 \(resized, leader\)$/);
    expect(otherChanges(changes("sizes"))).toEqual([
      {
        resource: "blog-cluster-blog-content",
        type: "digitalocean:index/volume:Volume",
        action: "update",
        properties: ["size"],
      },
    ]);
  });

  test("another key changes a Variable, and nothing else", () => {
    expect(secretChanges(changes("mackerel-key"))).toEqual([
      {
        resource: "blog-mackerel-variable",
        type: "nomad:index/variable:Variable",
        action: "update",
        path: "nomad/jobs/mackerel",
      },
    ]);
    expect(nodes("mackerel-key")).toEqual({ changes: [], rollout: null });
    expect(otherChanges(changes("mackerel-key"))).toEqual([]);
  });

  test("another type of job is one replacement, not three steps", () => {
    const jobs = changes("nginx-type").filter(
      ({ type, action }) => type.endsWith(":Job") && action !== "same",
    );
    expect(jobs.map(({ name, action }) => [name, action])).toEqual([["blog-nginx-job", "replace"]]);
    expect(jobs[0]!.old!["jobspec"]).toContain('"Type":"system"');
    expect(jobs[0]!.new!["jobspec"]).toContain('"Type":"service"');
  });

  test("a refused configuration is an error", () => {
    expect(previewErrors(recordedEvents("refused"))).toEqual([
      expect.stringMatching(/^the DigitalOcean account cannot give what is asked:\n {2}size: "s-2vcpu-4gb"/),
    ]);
  });

  test("findings of policies have the resource and the pack, and the failure has no reason beside them", () => {
    const { packs, findings } = policySection(recordedEvents("policies"));
    expect(packs).toEqual({ "nomad-digitalocean": "0.1.0" });
    expect(findings.map(({ policy, level, resource }) => [policy, level, resource])).toEqual([
      ["pinned-images", "mandatory", "web"],
      ["unprivileged-containers", "mandatory", "web"],
      ["no-plain-secrets", "mandatory", "web"],
    ]);
    expect(previewErrors(recordedEvents("policies"))).toEqual([]);
  });
});
