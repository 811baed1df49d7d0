import path from "node:path";
import { execa } from "execa";
import { fileDigest } from "../../tools/file-digest.ts";
import type { StandInImage } from "../../images/served-image.ts";
import { installTool } from "../../tools/install-tool.ts";
import { litestream } from "../../tools/tool-table.ts";
import { buildStandIn } from "./stand-in-image.ts";

/** The image that Ghost's job asks for. */
export const litestreamReference = "litestream/litestream:0.5.18";

/**
 * Returns a stand-in for the official image of Litestream: the real one, of the same version, on Debian's own packages with the
 * official image's path and entrypoint, without its SQLite command and extension. Takes some minutes the first time, in which
 * Litestream is built.
 */
export async function litestreamImage(
  cacheDir: string,
  report?: (text: string) => void,
): Promise<StandInImage> {
  const { path: program } = await installTool(litestream, cacheDir, report);
  const licence = path.join(path.dirname(program), "LICENSE.txt");
  const recipe = {
    reference: litestreamReference,
    holds: "the real Litestream",
    packages: [],
    files: [import.meta.filename],
    inputs: [await fileDigest(program)],
    image: {
      environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      entrypoint: ["/usr/local/bin/litestream"],
    },
    fill: async (root: string) => {
      const install = (mode: string, from: string, to: string) =>
        execa("install", ["-D", "-m", mode, from, path.join(root, to)]);
      await install("755", program, "usr/local/bin/litestream");
      await install("644", licence, "usr/share/doc/litestream/copyright");
    },
  };
  return buildStandIn(cacheDir, recipe, report);
}
