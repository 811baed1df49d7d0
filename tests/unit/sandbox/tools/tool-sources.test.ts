import { describe, expect, it } from "vitest";
import { noSourceMessage, toolSources } from "../../../../sandbox/tools/tool-sources.ts";
import type { MachineFacts } from "../../../../sandbox/tools/tool-sources.ts";
import type { Tool } from "../../../../sandbox/tools/tool.ts";
import { mackerelAgent, nomad, pulumi } from "../../../../sandbox/tools/tool-table.ts";

const bare: MachineFacts = {
  platform: "linux-x64",
  cached: { official: false, built: false },
  releaseHostAnswers: false,
};
const withGo = { ...bare, go: "1.26.8" };
const onPath = (version: string) => ({ onPath: { path: "/usr/bin/pulumi", version } });
const kinds = (tool: Tool, facts: MachineFacts) => toolSources(tool, facts).map((source) => source.kind);

describe("toolSources", () => {
  it.each<[string, Tool, MachineFacts, string[]]>([
    ["nothing at all", pulumi, bare, []],
    ["the pinned version on PATH", pulumi, { ...bare, ...onPath("3.259.0") }, ["path"]],
    ["a later one on PATH", pulumi, { ...withGo, ...onPath("3.270.1") }, ["path", "build"]],
    ["an older one on PATH", pulumi, { ...withGo, ...onPath("3.99.0") }, ["build"]],
    ["another major version on PATH", pulumi, { ...withGo, ...onPath("4.0.0") }, ["build"]],
    ["a network with the release", pulumi, { ...withGo, releaseHostAnswers: true }, ["download", "build"]],
    [
      "no release for the platform",
      pulumi,
      { ...withGo, platform: "linux-s390x", releaseHostAnswers: true },
      ["build"],
    ],
    ["Go that is too old", pulumi, { ...bare, go: "1.20.14" }, []],
    ["Go that is not released yet", pulumi, { ...bare, go: "1.27rc1" }, ["build"]],
    [
      "a build in the cache, and the network back",
      nomad,
      { ...withGo, cached: { official: false, built: true }, releaseHostAnswers: true },
      ["cached-built", "download", "build"],
    ],
    [
      "both in the cache",
      nomad,
      { ...bare, cached: { official: true, built: true } },
      ["cached-official", "cached-built"],
    ],
    ["Nomad on PATH, which droplets may not be able to load", nomad, { ...bare, ...onPath("2.0.7") }, []],
    [
      "a Nomad that was named, whatever else there is",
      nomad,
      { ...withGo, given: { path: "/opt/nomad", version: "2.0.5" }, cached: { official: true, built: true } },
      ["given"],
    ],
    ["a tool without a pinned release", mackerelAgent, { ...withGo, releaseHostAnswers: true }, ["build"]],
  ])("%s", (_name, tool, facts, expected) => {
    expect(kinds(tool, facts)).toEqual(expected);
  });
});

describe("noSourceMessage", () => {
  it.each<[string, MachineFacts, string]>([
    ["old program", { ...bare, ...onPath("3.99.0") }, "/usr/bin/pulumi is 3.99.0, older than 3.259.0"],
    ["no network", bare, "get.pulumi.com does not answer"],
    ["no Go", bare, "no Go on PATH"],
    ["old Go", { ...bare, go: "1.18.0" }, "Go 1.18.0 is too old"],
    ["no release", { ...bare, platform: "linux-s390x" }, "no pinned release for linux-s390x"],
    ["what to do", bare, "Install Go 1.21.0 or later"],
  ])("%s", (_name, facts, text) => {
    expect(noSourceMessage(pulumi, facts)).toContain(text);
  });
});
