import { containerTaskProblems } from "../job.ts";
import type { Job } from "../job.ts";
import { jobPolicy } from "../job-policy.ts";

export interface PinnedImagesConfig {
  /** Only `image@sha256:...` will do. */
  readonly requireDigest: boolean;
}

export const pinnedImages = jobPolicy<PinnedImagesConfig>(
  {
    name: "pinned-images",
    description: "Every container image is named with a version or a digest.",
    severity: "high",
    remediationSteps: "Name the image with a tag that has a version, or with a digest.",
    configSchema: {
      properties: {
        requireDigest: {
          type: "boolean",
          default: false,
          description: "Take a digest only: a tag can be moved to another image.",
        },
      },
    },
  },
  pinnedImageProblems,
);

export function pinnedImageProblems(job: Job, config: PinnedImagesConfig): string[] {
  return containerTaskProblems(job, ({ config: { image } }) => {
    const problem = typeof image === "string" ? imageProblem(image, config) : "has no image";
    return problem === undefined ? [] : [problem];
  });
}

function imageProblem(image: string, { requireDigest }: PinnedImagesConfig): string | undefined {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return undefined;
  if (requireDigest) return `image "${image}" has no digest`;
  // A colon before the last slash belongs to the registry's port.
  const tag = /:([\w][\w.-]*)$/.exec(image.slice(image.lastIndexOf("/") + 1))?.[1];
  if (tag === undefined) return `image "${image}" has no tag; name a version or a digest`;
  // latest, stable, lts, alpine, bookworm, edge, main: such a tag is moved to each new image.
  if (!/\d/.test(tag))
    return `image "${image}" is another one every time it is pulled; name a version or a digest`;
  return undefined;
}
