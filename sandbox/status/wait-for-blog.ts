import { sandboxNames } from "../domains/sandbox-names.ts";
import type { Sandbox } from "../sandbox.ts";
import { readStatus } from "./read-status.ts";
import type { NodeStatus, StatusReport } from "./status-report.ts";
import { waitFor } from "../wait-for.ts";
import { blogUrls } from "./blog-urls.ts";
import { answers, describeAnswer, readBlog } from "./read-blog.ts";
import type { BlogAnswer } from "./read-blog.ts";

/** `pulumi up` has already waited for Ghost, and nginx finds it within seconds; droplets that boot again take longer. */
const waitSeconds = 300;

/** Waits until the blog answers at every address; fails with what each one says if that takes too long. */
export async function waitForBlog(sandbox: Sandbox, report: (text: string) => void): Promise<string> {
  const { services, settings, stack } = sandbox;
  const outputs = await stack.outputs();
  if (services === undefined) throw new Error("the sandbox's services do not run");
  const names = sandboxNames(settings, services.gateway);
  const urls = await blogUrls(outputs, names);
  if (urls.length === 0) return "the stack has none";
  let blog: BlogAnswer[] = [];
  const answered = await waitFor(
    async () => {
      blog = await readBlog(urls, names.connection());
      const answering = blog.filter(answers).length;
      const text =
        blog.length === 1 ? describeAnswer(blog[0]!) : `${answering} of ${blog.length} addresses answer`;
      if (answering === blog.length) return text;
      report(text);
      return undefined;
    },
    { seconds: waitSeconds, every: 1000 },
  );
  if (answered === undefined) throw new Error(silence(blog, await readStatus(sandbox)));
  return answered;
}

/** Why the blog is not there, address by address with what Nomad says of the nodes behind it, and where to look. */
export function silence(blog: readonly BlogAnswer[], status: Pick<StatusReport, "nodes" | "jobs">): string {
  const missing = blog.filter((one) => !answers(one));
  return [
    `the blog does not answer after ${waitSeconds / 60} minutes at ${missing.length} of ${blog.length} addresses:`,
    ...missing.flatMap((one) => {
      const ip = new URL(one.address).hostname;
      const own = status.nodes.filter(({ reservedIp, publicIp }) => reservedIp === ip || publicIp === ip);
      // The only address that is no node's is a load balancer's, which any node may answer for.
      const behind = own.length === 0 && blog.length === 1 ? status.nodes : own;
      return [`  ${describeAnswer(one)}`, ...behind.map((node) => `    ${describeNode(node, status.jobs)}`)];
    }),
    "`npm run nomad -- job status ghost` and `npm run nomad -- job status nginx` say why.",
  ].join("\n");
}

function describeNode({ name, nomadStatus }: NodeStatus, jobs: StatusReport["jobs"]): string {
  const here = jobs.flatMap(({ id, allocations }) =>
    allocations
      .filter(({ node }) => node === name)
      .map(({ status, lastEvents }) => `${[`${id} is ${status}`, ...lastEvents].join(", ")}`),
  );
  return [`${name} is ${nomadStatus}`, ...here].join("; ");
}
