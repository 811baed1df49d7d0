import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkImage } from "../../../components/jobs/spec/validation.ts";
import { pinnedImageProblems } from "../../../policies/rules/pinned-images.ts";
import { jobWith } from "./job-with.ts";

describe("pinned-images", () => {
  const digest = `nginx@sha256:${"0a".repeat(32)}`;
  const problems = (image: unknown, requireDigest = false) =>
    pinnedImageProblems(jobWith({}, { image }), { requireDigest });

  test.each(["nginx:1.30.7", "registry.example.com:5000/team/nginx:1.30", digest])("takes %s", (image) => {
    expect(problems(image)).toEqual([]);
  });

  test.each([
    ["nginx", /^task web\/server: image "nginx" has no tag/],
    ["nginx:latest", /"nginx:latest" is another one every time/],
    ["registry.example.com:5000/nginx", /has no tag/],
    ...["stable", "alpine", "lts", "bookworm", "main"].map((tag): [string, RegExp] => [
      `nginx:${tag}`,
      /is another one every time/,
    ]),
    [undefined, /has no image/],
  ])("refuses %s", (image, reason) => {
    expect(problems(image)).toEqual([expect.stringMatching(reason)]);
  });

  test("refuses a tag where a digest is required, and takes the digest", () => {
    expect(problems("nginx:1.30.7", true)).toEqual(['task web/server: image "nginx:1.30.7" has no digest']);
    expect(problems(digest, true)).toEqual([]);
  });

  test("refuses whatever image the components refuse", () => {
    const part = fc.constantFrom("nginx", ":", "/", "latest", "1.30", "@sha256:", "0a".repeat(32), "5000");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 7 }), (parts) => {
        const image = parts.join("");
        if (checkImage(image) !== undefined) expect(problems(image)).not.toEqual([]);
      }),
    );
  });

  test.each([
    ["podman", 1],
    ["containerd-driver", 1],
    ["exec", 0],
  ])("of a task of %s finds %i", (Driver, found) => {
    const job = jobWith({ Driver }, { image: "nginx:latest" });
    expect(pinnedImageProblems(job, { requireDigest: false })).toHaveLength(found);
  });
});
