import { describe, expect, test } from "vitest";
import { pluginCommand } from "../../../../sandbox/offline/plugins/language-host/plugin.ts";
import type { PluginRequest } from "../../../../sandbox/offline/plugins/language-host/plugin.ts";
import { programCommand, splitArguments } from "../../../../sandbox/offline/plugins/language-host/program.ts";
import type { ProgramRequest } from "../../../../sandbox/offline/plugins/language-host/program.ts";

const request: ProgramRequest = {
  monitor: "127.0.0.1:1",
  engine: "127.0.0.1:2",
  organization: "organization",
  project: "blog",
  stack: "sgp1",
  rootDirectory: process.cwd(),
  programDirectory: process.cwd(),
  entryPoint: "index.ts",
  dryRun: false,
  parallel: 4,
  arguments: [],
  config: { "blog:region": "sgp1" },
  configSecretKeys: ["blog:apiKey"],
  options: {},
};

describe("splitArguments", () => {
  test.each([
    ["", []],
    ["--import tsx", ["--import", "tsx"]],
    [`--title="a b" '--c d'`, ["--title=a b", "--c d"]],
    [`-e ''`, ["-e", ""]],
  ])("%j", (text, words) => {
    expect(splitArguments(text)).toEqual(words);
  });

  test("refuses an open quote", () => {
    expect(() => splitArguments(`--title "a`)).toThrow("open quote");
  });
});

describe("programCommand", () => {
  test("puts nodeargs before the runner and the entry point last", () => {
    const command = programCommand({ ...request, options: { nodeargs: "--stack-size=2000" } });
    expect(command.arguments[0]).toBe("--stack-size=2000");
    expect(command.arguments[1]).toMatch(/@pulumi\/pulumi\/cmd\/run/);
    expect(command.arguments.at(-1)).toBe("index.ts");
    expect(command.arguments).not.toContain("--dry-run");
    expect(programCommand({ ...request, dryRun: true }).arguments).toContain("--dry-run");
  });

  test("hands over configuration and which of it is secret", () => {
    const { environment } = programCommand(request);
    expect(JSON.parse(environment["PULUMI_CONFIG"] ?? "")).toEqual({ "blog:region": "sgp1" });
    expect(JSON.parse(environment["PULUMI_CONFIG_SECRET_KEYS"] ?? "")).toEqual(["blog:apiKey"]);
  });

  test.each([
    [{}, "true"],
    [{ typescript: false }, "false"],
  ])("options %j leave ts-node to %s", (options, expected) => {
    expect(programCommand({ ...request, options }).environment["PULUMI_NODEJS_TYPESCRIPT"]).toBe(expected);
  });

  test.each([
    [{ typescript: "no" }, "typescript has to be true or false"],
    [{ nodeargs: 1 }, "nodeargs has to be a string"],
    [{ bun: true }, "does not support runtime option bun"],
  ])("refuses options %j", (options, message) => {
    expect(() => programCommand({ ...request, options })).toThrow(message);
  });

  test("says that the SDK is missing and how to get it", () => {
    expect(() => programCommand({ ...request, programDirectory: "/" })).toThrow("run npm ci there");
  });
});

describe("pluginCommand", () => {
  const plugin: PluginRequest = {
    programDirectory: process.cwd(),
    kind: "resource",
    arguments: ["127.0.0.1:3"],
    environment: ["NAME=a=b", "EMPTY="],
    options: { nodeargs: "--stack-size=2000" },
  };

  test("puts nodeargs after the runner, then the folder, then the engine's arguments", () => {
    const [runner, ...rest] = pluginCommand(plugin).arguments;
    expect(runner).toMatch(/@pulumi\/pulumi\/cmd\/run-plugin/);
    expect(rest).toEqual(["--stack-size=2000", process.cwd(), "127.0.0.1:3"]);
  });

  test("starts it with the environment that the engine gives, and no other", () => {
    expect(pluginCommand(plugin).environment).toEqual({
      NAME: "a=b",
      EMPTY: "",
      PULUMI_NODEJS_TYPESCRIPT: "true",
    });
  });

  test("refuses a policy pack in a folder, and says what serves instead", () => {
    expect(() => pluginCommand({ ...plugin, kind: "analyzer" })).toThrow("as an executable file");
  });
});
