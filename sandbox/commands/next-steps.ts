/** Where the blog is, as far as the stack says so. */
export interface BlogPlace {
  /** URL that readers use; null if it is not known. */
  readonly url: string | null;
  /** URLs by IP address at which it answers. */
  readonly addresses: readonly string[];
  /** PEM file of those who signed the sandbox's certificates; undefined if none was issued. */
  readonly rootsFile: string | undefined;
}

/** What the screen says at the end of `npm start`. */
export const nextSteps = (blog: BlogPlace) => `What to try next:
${openBlog(blog)}
  npm run status                           the same, read live
  npm run nomad -- node status             the Nomad CLI on the cluster
  npm run nomad -- job status mackerel
  npm run pulumi -- preview --diff         the Pulumi CLI on the stack
  npm run pulumi -- config set clientCount 1 && npm run pulumi -- up --yes
  npm stop                                 ends it and keeps its state; npm run reset removes it`;

/** A name of the sandbox is known to its own name server only, and its certificate to no client. */
function openBlog({ url, addresses: [address = "http://ADDRESS"], rootsFile }: BlogPlace): string {
  const name = url === null ? null : URL.parse(url);
  if (name === null || name.hostname === URL.parse(address)?.hostname)
    return `  curl ${address.padEnd(36)}the blog, as at every address above`;
  const port = name.port || (name.protocol === "https:" ? "443" : "80");
  const place = `${name.hostname}:${port}:${URL.parse(address)?.hostname ?? "ADDRESS"}`;
  const trust = rootsFile !== undefined && name.protocol === "https:" ? `--cacert ${rootsFile} ` : "";
  return `  curl ${trust}--resolve ${place} ${name.href}\n${" ".repeat(43)}the blog by its name`;
}
