import fc from "fast-check";
import { expect, test } from "vitest";
import { reportMarkdown } from "../../../../cli/report/markdown.ts";
import type { PreviewReport } from "../../../../cli/report/preview-report.ts";

const report: PreviewReport = {
  ...{ version: 1, stack: "sgp1", outcome: "succeeded", errors: [], remarks: [], secrets: [], other: [] },
  nodes: {
    changes: [{ node: "nomad-server-1", action: "replace", properties: ["image"] }],
    rollout: "replaced one after another: server-1 (leader)",
  },
  jobs: [
    {
      ...{ job: "ghost", namespace: "default", effect: "restarted", preempted: [], notes: [] },
      fields: [{ field: "ghost/ghost/Resources.MemoryMB", old: "512", new: "640" }],
      groups: [
        {
          ...{ group: "ghost", create: 1, updateInPlace: 0, destroy: 1, keep: 0, migrate: 0, canary: 0 },
          notPlaceable: { count: 2, reason: "memory exhausted on 3 nodes" },
        },
      ],
    },
  ],
  cost: { before: 73, after: null, items: [], notes: ["a note"] },
  policies: { packs: {}, findings: [] },
};

test("the page has every part of the report", () => {
  const page = reportMarkdown(report);
  for (const part of [
    "## Preview of stack sgp1",
    "Rollout: replaced one after another: server-1 (leader)",
    "`nomad-server-1`",
    "512 → 640",
    "2: memory exhausted on 3 nodes",
    "$73.00 → not known a month",
    "No policy pack took part.",
  ])
    expect(page).toContain(part);
});

test("a remark is on the page", () => {
  expect(reportMarkdown({ ...report, remarks: ["NOMAD_CACERT cannot be read"] })).toContain("cannot be read");
});

test("a failed preview says so first, with its errors", () => {
  const page = reportMarkdown({ ...report, outcome: "failed", errors: ["size: too small"] });
  expect(page.indexOf("The preview failed")).toBeLessThan(page.indexOf("size: too small"));
  expect(page.indexOf("size: too small")).toBeLessThan(page.indexOf("### Nodes"));
});

test("no text breaks out of its table: a finding is one row of four cells", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (message) => {
      const finding = { policy: "images", pack: "p", level: "advisory", resource: null, message };
      const page = reportMarkdown({ ...report, policies: { packs: {}, findings: [finding] } });
      const rows = page.slice(page.indexOf("### Policies")).trim().split("\n").slice(2);
      expect(rows).toHaveLength(3);
      expect(rows[2]!.match(/(?<!\\)\|/g)).toHaveLength(5);
      expect(page).not.toMatch(/<(?!br>)[a-z]/i);
    }),
  );
});
