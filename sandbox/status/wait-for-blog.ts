import { setTimeout as delay } from "node:timers/promises";
import type { SandboxSettings } from "../settings.ts";
import { answers, describeAnswer, readBlog } from "./read-blog.ts";
import type { BlogAnswer } from "./read-blog.ts";
import { stackOutputs } from "./read-status.ts";

/** The update has waited for ghost already, so that nginx only has to hear of it; droplets that boot again take longer. */
const waitSeconds = 300;

/** Waits until the blog answers at every address; fails with what each one says if that takes too long. */
export async function waitForBlog(
  settings: SandboxSettings,
  report: (text: string) => void,
): Promise<string> {
  const { blogAddresses = [] } = await stackOutputs(settings);
  if (blogAddresses.length === 0) return "the stack has none";
  for (const end = Date.now() + waitSeconds * 1000; ; await delay(1000)) {
    const blog = await readBlog(blogAddresses);
    const answering = blog.filter(answers);
    const text = `${answering.length} of ${blog.length} addresses answer`;
    if (answering.length === blog.length) return text;
    if (Date.now() > end) throw new Error(silence(blog));
    report(text);
  }
}

/** Why the blog is not there, address by address, and where to look. */
export function silence(blog: readonly BlogAnswer[]): string {
  const missing = blog.filter((one) => !answers(one));
  return [
    `the blog does not answer after ${waitSeconds / 60} minutes at ${missing.length} of ${blog.length} addresses:`,
    ...missing.map((one) => `  ${describeAnswer(one)}`),
    "`npm run nomad -- job status ghost` and `npm run nomad -- job status nginx` say why.",
  ].join("\n");
}
