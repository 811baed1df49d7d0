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
    [undefined, /has no image/],
  ])("refuses %s", (image, reason) => {
    expect(problems(image)).toEqual([expect.stringMatching(reason)]);
  });

  test("refuses a tag where a digest is required, and takes the digest", () => {
    expect(problems("nginx:1.30.7", true)).toEqual(['task web/server: image "nginx:1.30.7" has no digest']);
    expect(problems(digest, true)).toEqual([]);
  });

  test("judges an image as the components do", () => {
    const part = fc.constantFrom("nginx", ":", "/", "latest", "1.30", "@sha256:", "0a".repeat(32), "5000");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 7 }), (parts) => {
        const image = parts.join("");
        expect(problems(image).length > 0).toBe(checkImage(image) !== undefined);
      }),
    );
  });

  test("leaves other drivers alone", () => {
    expect(
      pinnedImageProblems(jobWith({ Driver: "exec" }, { image: "nginx" }), { requireDigest: false }),
    ).toEqual([]);
  });
});
