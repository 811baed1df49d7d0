import type { Sandbox } from "../sandbox.ts";
import { readStatus } from "./read-status.ts";
import type { StatusReport } from "./status-report.ts";
import { waitFor } from "../wait-for.ts";
import { answers, describeAnswer, readBlog } from "./read-blog.ts";
import type { BlogAnswer } from "./read-blog.ts";

/** `pulumi up` has already waited for Ghost, and nginx finds it within seconds; droplets that boot again take longer. */
const waitSeconds = 300;

/** Waits until the blog answers at every address; fails with what each one says if that takes too long. */
export async function waitForBlog(sandbox: Sandbox, report: (text: string) => void): Promise<string> {
  const { blogAddresses = [] } = await sandbox.stack.outputs();
  if (blogAddresses.length === 0) return "the stack has none";
  let blog: BlogAnswer[] = [];
  const answered = await waitFor(
    async () => {
      blog = await readBlog(blogAddresses);
      const answering = blog.filter(answers).length;
      const text = `${answering} of ${blog.length} addresses answer`;
      if (answering === blog.length) return text;
      report(text);
      return undefined;
    },
    { seconds: waitSeconds, every: 1000 },
  );
  if (answered === undefined) throw new Error(silence(blog, await readStatus(sandbox)));
  return answered;
}

/** Why the blog is not there, address by address with what Nomad says of the node behind it, and where to look. */
export function silence(blog: readonly BlogAnswer[], status: Pick<StatusReport, "nodes" | "jobs">): string {
  const missing = blog.filter((one) => !answers(one));
  return [
    `the blog does not answer after ${waitSeconds / 60} minutes at ${missing.length} of ${blog.length} addresses:`,
    ...missing.map((one) => `  ${describeAnswer(one)}${behind(new URL(one.address).hostname, status)}`),
    "`npm run nomad -- job status ghost` and `npm run nomad -- job status nginx` say why.",
  ].join("\n");
}

function behind(ip: string, { nodes, jobs }: Pick<StatusReport, "nodes" | "jobs">): string {
  const node = nodes.find((one) => one.reservedIp === ip || one.publicIp === ip);
  if (node === undefined) return "";
  const here = jobs.flatMap(({ id, allocations }) =>
    allocations
      .filter((allocation) => allocation.node === node.name)
      .map(({ status, lastEvents }) => `${[`${id} is ${status}`, ...lastEvents].join(", ")}`),
  );
  return `: ${[`${node.name} is ${node.nomadStatus}`, ...here].join("; ")}`;
}
