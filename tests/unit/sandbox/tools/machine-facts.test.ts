import { describe, expect, it } from "vitest";
import { versionIn } from "../../../../sandbox/tools/machine-facts.ts";

describe("versionIn", () => {
  it.each([
    ["v3.259.0\n", "3.259.0"],
    ["Nomad v1.11.3\nBuildDate 2026-04-08T06:35:11Z\nRevision abc", "1.11.3"],
    ["command not found", undefined],
  ])("%j", (text, version) => {
    expect(versionIn(text)).toBe(version);
  });
});
