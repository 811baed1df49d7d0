import { execa } from "execa";
import { outside } from "../tools/outside.ts";
import { recordInstalled } from "../uninstall/installed.ts";
import type { OfficialImage, ServedImage, StandInImage } from "./served-image.ts";
import { errorMessage } from "../error-message.ts";

const dockerHub = "registry-1.docker.io";

/** What `servedImage` does on the machine. */
export interface ImageSources {
  dockerHubAnswers(): Promise<boolean>;
  pull(reference: string): Promise<void>;
}

/** This machine's Docker. An image that it did not have is recorded in the cache. */
export const dockerImages = (cacheDir: string): ImageSources => ({
  dockerHubAnswers: () => outside.hostAnswers(dockerHub),
  pull: async (reference) => {
    const { failed } = await execa("docker", ["image", "inspect", reference], { reject: false });
    await execa("docker", ["image", "pull", "--quiet", reference]);
    if (failed) await recordInstalled(cacheDir, { images: [reference] });
  },
});

/**
 * The official image where Docker Hub answers and has it; else the stand-in that `build` makes, with the reason on the
 * screen.
 */
export async function servedImage(
  reference: string,
  build: () => Promise<StandInImage>,
  report: (text: string) => void,
  sources: ImageSources,
): Promise<ServedImage> {
  if (!(await sources.dockerHubAnswers())) return build();
  report(`pulling ${reference}`);
  try {
    await sources.pull(reference);
  } catch (error) {
    const reason = errorMessage(error);
    report(`Docker Hub did not give ${reference}: ${reason.split("\n").at(-1)}; building a stand-in`);
    return build();
  }
  const image: OfficialImage = { origin: "official", reference };
  return image;
}
