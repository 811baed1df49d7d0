import path from "node:path";
import { execa } from "execa";
import { fileDigest } from "../../tools/file-digest.ts";
import type { StandInImage } from "../../images/served-image.ts";
import { installTool } from "../../tools/install-tool.ts";
import { mackerelAgent } from "../../tools/tool-table.ts";
import { buildStandIn } from "./stand-in-image.ts";

/** The image that jobs ask for. The stand-in's agent may be a patch release older: the newest that there is as a Go module. */
export const mackerelAgentReference = "mackerel/mackerel-agent:0.87.1";

/**
 * Returns a stand-in for the official image of mackerel-agent: the real agent at /usr/bin/mackerel-agent on Debian's own
 * packages, without the official start script and plugins. Takes about a minute the first time, in which the agent is built.
 */
export async function mackerelAgentImage(
  cacheDir: string,
  report?: (text: string) => void,
): Promise<StandInImage> {
  const { path: agent } = await installTool(mackerelAgent, cacheDir, report);
  const licence = path.join(path.dirname(agent), "LICENSE.txt");
  const recipe = {
    reference: mackerelAgentReference,
    holds: "the real agent",
    packages: [],
    files: [import.meta.filename],
    inputs: [await fileDigest(agent)],
    image: { environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"] },
    fill: async (root: string) => {
      const install = (mode: string, from: string, to: string) =>
        execa("install", ["-D", "-m", mode, from, path.join(root, to)]);
      await install("755", agent, "usr/bin/mackerel-agent");
      await install("644", licence, "usr/share/doc/mackerel-agent/copyright");
      await execa("mkdir", ["-p", path.join(root, "var/lib/mackerel-agent")]);
    },
  };
  return buildStandIn(cacheDir, recipe, report);
}
