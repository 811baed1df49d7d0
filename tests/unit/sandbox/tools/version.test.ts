import { describe, expect, it } from "vitest";
import { compareVersions, versionIn } from "../../../../sandbox/tools/version.ts";

describe("compareVersions", () => {
  it.each([
    ["3.259.0", "3.99.0", 1],
    ["v1.11.3", "1.11.3", 0],
    ["1.11", "1.11.0", 0],
    ["2.0.7", "2.1.0", -1],
    ["3.259.0-alpha.1+4", "3.259.0", 0],
  ])("%s with %s", (one, other, result) => {
    expect(compareVersions(one, other)).toBe(result);
    expect(compareVersions(other, one)).toBe(0 - result);
  });
});

describe("versionIn", () => {
  it.each([
    ["v3.259.0\n", "3.259.0"],
    ["Nomad v1.11.3\nBuildDate 2026-04-08T06:35:11Z\nRevision abc", "1.11.3"],
    ["command not found", undefined],
  ])("%j", (text, version) => {
    expect(versionIn(text)).toBe(version);
  });
});
