import { gfmTableToMarkdown } from "mdast-util-gfm-table";
import { toMarkdown } from "mdast-util-to-markdown";
import type { BlockContent, PhrasingContent, Root, TableCell } from "mdast";
import type {
  Cost,
  CostItem,
  FieldChange,
  GroupPicture,
  JobChange,
  NodeChange,
  PolicySection,
  PreviewReport,
} from "./preview-report.ts";

/** The report as one page of GitHub's Markdown. */
export function reportMarkdown(report: PreviewReport): string {
  const { nodes, jobs, secrets, other, cost, policies } = report;
  const root: Root = {
    type: "root",
    children: [
      heading(2, `Preview of stack ${report.stack}`),
      ...headline(report),
      ...report.remarks.map((remark) => paragraph(text(oneLine(remark)))),
      heading(3, "Nodes"),
      ...(nodes.rollout === null ? [] : [paragraph(text(`Rollout: ${nodes.rollout}`))]),
      ...rows(["node", "what happens", "because of"], nodes.changes.map(nodeRow), "No node changes."),
      ...(nodes.rollout === null && nodes.changes.some(({ action }) => action === "replace")
        ? [paragraph(text("The preview does not tell in which order nodes are replaced."))]
        : []),
      heading(3, "Jobs"),
      ...rows(
        ["job", "what happens", "what its text changes to", "remarks"],
        jobs.map(({ job, effect, fields, notes }) => [
          [code(job)],
          [text(effect)],
          lines(fields.map(fieldText)),
          lines(notes.map((note) => [text(oneLine(note))])),
        ]),
        "No job changes.",
      ),
      heading(3, "Nomad's plan"),
      ...rows(
        ["job", "group", "created", "in place", "stopped", "kept", "canaries", "migrated", "not placeable"],
        jobs.flatMap(planRows),
        jobs.length === 0 ? "No job changes." : "Nomad was not asked; the remarks above say why.",
      ),
      ...preempted(jobs),
      heading(3, "Secrets and variables"),
      ...rows(
        ["resource", "what happens", "path"],
        secrets.map(({ resource, action, path }) => [
          [code(resource)],
          [text(action)],
          path === undefined ? [] : [code(path)],
        ]),
        "None changes.",
      ),
      heading(3, "Other resources"),
      ...rows(
        ["resource", "type", "what happens", "properties"],
        other.map(({ resource, type, action, properties }) => [
          [code(resource)],
          [code(type)],
          [text(action)],
          [text(properties.join(", "))],
        ]),
        "None changes.",
      ),
      heading(3, "Cost a month"),
      ...costBlocks(cost),
      heading(3, "Policies"),
      ...policyBlocks(policies),
    ],
  };
  return toMarkdown(root, { extensions: [gfmTableToMarkdown()], bullet: "-" });
}

function headline({ outcome, errors, nodes, jobs, cost, policies }: PreviewReport): BlockContent[] {
  const mandatory = policies.findings.filter(({ level }) => level === "mandatory").length;
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
  const summary = [
    count(nodes.changes.length, "node"),
    `${count(new Set(jobs.map(({ job, namespace }) => JSON.stringify([namespace, job]))).size, "job")} and`,
    `${dollars(cost.before)} → ${dollars(cost.after)} a month`,
  ];
  return [
    ...(outcome === "failed"
      ? [paragraph({ type: "strong", children: [text("The preview failed; what follows is not complete.")] })]
      : []),
    ...errors.map((error): BlockContent => ({ type: "code", value: error })),
    paragraph(
      text(
        `Changes ${summary[0]}, ${summary[1]} ${summary[2]}; ${count(policies.findings.length, "policy finding")}, ${mandatory} mandatory.`,
      ),
    ),
  ];
}

const nodeWords: Readonly<Record<NodeChange["action"], string>> = {
  create: "created",
  replace: "replaced by a new droplet",
  resize: "powered off and on",
  update: "changed in place",
  remove: "removed",
};

function nodeRow({ node, action, properties }: NodeChange): Cell[] {
  return [[code(node)], [text(nodeWords[action])], [text(properties.join(", "))]];
}

function planRows({ job, groups }: JobChange): Cell[][] {
  return (groups ?? []).map((group: GroupPicture) => [
    [code(job)],
    [code(group.group)],
    [text(group.create === null ? "not known" : String(group.create))],
    ...[group.updateInPlace, group.destroy, group.keep, group.canary, group.migrate].map((count) => [
      text(String(count)),
    ]),
    group.notPlaceable ? [text(`${group.notPlaceable.count}: ${group.notPlaceable.reason}`)] : [],
  ]);
}

function preempted(jobs: readonly JobChange[]): BlockContent[] {
  const entries = jobs.flatMap(({ job, preempted }) =>
    preempted.map((one): Cell[] => [
      [code(job)],
      [code(one.job)],
      [code(one.group)],
      [text(String(one.count))],
    ]),
  );
  return entries.length === 0 ? [] : rows(["job", "evicts job", "group", "allocations"], entries, "");
}

function costBlocks({ before, after, items, notes }: Cost): BlockContent[] {
  const total: Cell[] = [[text("in all")], [], [text(dollars(before))], [text(dollars(after))]];
  return [
    ...rows(
      ["resource", "what", "before", "after"],
      [...items.map(costRow), total],
      "The stack has nothing that is priced here.",
    ),
    ...notes.map((note) => paragraph(text(note))),
  ];
}

function costRow({ resource, what, before, after }: CostItem): Cell[] {
  return [[code(resource)], [text(what)], [text(dollars(before))], [text(dollars(after))]];
}

function policyBlocks({ packs, findings }: PolicySection): BlockContent[] {
  const names = Object.entries(packs).map(([name, version]) => `${name} ${version}`);
  return [
    ...(names.length === 0 ? [] : [paragraph(text(`Policy packs: ${names.join(", ")}.`))]),
    ...rows(
      ["level", "policy", "resource", "finding"],
      findings.map(({ level, policy, resource, message }) => [
        [text(level)],
        [code(policy)],
        resource === null ? [] : [code(resource)],
        [text(oneLine(message))],
      ]),
      names.length === 0 && findings.length === 0 ? "No policy pack took part." : "No policy violations.",
    ),
  ];
}

const fieldText = ({ field, old, new: next }: FieldChange): PhrasingContent[] => [
  code(field),
  ...(old === undefined && next === undefined ? [] : [text(` ${old ?? "none"} → ${next ?? "none"}`)]),
];

const dollars = (amount: number | null): string => (amount === null ? "not known" : `$${amount.toFixed(2)}`);
const oneLine = (value: string): string => value.replace(/\s+/g, " ").trim();

type Cell = PhrasingContent[];

const text = (value: string): PhrasingContent => ({ type: "text", value });
const code = (value: string): PhrasingContent => ({ type: "inlineCode", value });
const paragraph = (...children: PhrasingContent[]): BlockContent => ({ type: "paragraph", children });
const heading = (depth: 2 | 3, value: string): BlockContent => ({
  type: "heading",
  depth,
  children: [text(value)],
});

/** Lines in one cell of a table. */
function lines(parts: readonly PhrasingContent[][]): Cell {
  return parts.flatMap((part, index) =>
    index === 0 ? part : [{ type: "html", value: "<br>" } as const, ...part],
  );
}

function rows(head: readonly string[], body: readonly Cell[][], empty: string): BlockContent[] {
  if (body.length === 0) return [paragraph(text(empty))];
  const cell = (children: Cell): TableCell => ({ type: "tableCell", children });
  return [
    {
      type: "table",
      children: [head.map((title): Cell => [text(title)]), ...body].map((cells) => ({
        type: "tableRow",
        children: cells.map(cell),
      })),
    },
  ];
}
