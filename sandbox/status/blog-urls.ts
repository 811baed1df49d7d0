import type { SandboxNames } from "../domains/sandbox-names.ts";
import type { StackOutputs } from "../stack/stack.ts";

/**
 * URLs at which a reader gets the blog: its own if its name leads to the one address that it has, such as a load balancer's,
 * which may answer at its address with a redirect only; else one for each address.
 */
export async function blogUrls(
  { blogUrl, blogAddresses = [] }: Pick<StackOutputs, "blogAddresses" | "blogUrl">,
  { addressesOf }: Pick<SandboxNames, "addressesOf">,
): Promise<readonly string[]> {
  const [only, ...others] = blogAddresses;
  if (blogUrl === undefined || only === undefined || others.length > 0) return blogAddresses;
  const [name, address] = [new URL(blogUrl).hostname, new URL(only).hostname];
  if (name === address) return blogAddresses;
  return (await addressesOf(name)).includes(address) ? [blogUrl] : blogAddresses;
}
