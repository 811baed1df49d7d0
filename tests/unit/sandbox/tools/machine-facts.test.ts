import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { machineFacts, versionIn } from "../../../../sandbox/tools/machine-facts.ts";
import { outside } from "../../../../sandbox/tools/outside.ts";
import { givenNomadVariable, nomad } from "../../../../sandbox/tools/tool-table.ts";

describe("versionIn", () => {
  it.each([
    ["v3.259.0\n", "3.259.0"],
    ["Nomad v1.11.3\nBuildDate 2026-04-08T06:35:11Z\nRevision abc", "1.11.3"],
    ["command not found", undefined],
  ])("%j", (text, version) => {
    expect(versionIn(text)).toBe(version);
  });
});

describe("a Nomad that the user names", () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "given-nomad-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const program = (name: string, script: string) => {
    const file = path.join(directory, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };

  it("is used with the version that it prints", async () => {
    const file = program("nomad", "echo Nomad v2.0.5");
    vi.stubEnv(givenNomadVariable, file);
    expect((await machineFacts(nomad, directory, outside)).given).toEqual({ path: file, version: "2.0.5" });
  });

  it.each([
    ["is not there", () => path.join(directory, "away", "nomad")],
    ["has another name, by which nothing would find it", () => program("nomad-2.0.5", "echo Nomad v2.0.5")],
    ["has no version", () => program("nomad", "exit 1")],
    ["is no absolute path", () => "nomad"],
  ])("is refused when it %s", async (_why, file) => {
    vi.stubEnv(givenNomadVariable, file());
    await expect(machineFacts(nomad, directory, outside)).rejects.toThrow(
      "give the absolute path of a program that is",
    );
  });
});
