import { open } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { installTool } from "../../sandbox/tools/install-tool.ts";
import { actionlint } from "../../sandbox/tools/tool-table.ts";
import { addResults, noResults } from "./test-results.ts";
import type { TestResults } from "./test-results.ts";

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** What may import what is in .dependency-cruiser.js. */
const cruised = [
  "cli",
  "components",
  "config.ts",
  "emulators",
  "index.ts",
  "policies",
  "providers",
  "read-settings.ts",
  "sandbox",
  "settings.ts",
  "tests",
];

/** Runs every check, each counted as one test, and prints the output of those that fail. */
export async function lint(root: string): Promise<TestResults> {
  const cache = (name: string) => path.join(root, "node_modules", ".cache", "lint", name);
  const checks: Check[] = [
    {
      name: "types",
      command: ["tsc", "-p", ".", "--incremental", "--tsBuildInfoFile", cache("tsbuildinfo")],
    },
    { name: "oxlint", command: ["oxlint", "."] },
    {
      name: "prettier",
      command: [
        ...(["prettier", "--check", "--log-level", "warn"] as const),
        ...["--cache", "--cache-strategy", "content", "--cache-location", cache("prettier"), "."],
      ],
    },
  ];
  const scripts = await shellScripts(root);
  if (scripts.length > 0) checks.push({ name: "shellcheck", command: ["shellcheck", ...scripts] });
  checks.push({ name: "arrows", command: ["depcruise", "--progress", "none", ...cruised] });
  checks.push({ name: "knip", command: ["knip", "--no-progress"] });
  checks.push({ name: "actionlint", command: [await actionlintProgram(root)] });
  console.log("lint");
  const results = await Promise.all(checks.map((check) => runCheck(root, check)));
  return results.reduce(addResults, noResults);
}

/** Its path, or where it cannot be had its name, whose check is then skipped. */
async function actionlintProgram(root: string): Promise<string> {
  try {
    return (await installTool(actionlint, sandboxSettings(root).cacheDir)).path;
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return actionlint.name;
  }
}

async function runCheck(root: string, check: Check): Promise<TestResults> {
  const [file, ...args] = check.command;
  const started = Date.now();
  const options = { cwd: root, preferLocal: true, localDir: root, all: true, reject: false } as const;
  const result = await execa(file, args, options);
  if (result.code === "ENOENT") {
    console.log(`  - ${check.name}: skipped, ${file} is not installed`);
    return { ...noResults, skipped: 1 };
  }
  const seconds = (Date.now() - started) / 1000;
  console.log(`  ${result.failed ? "✗" : "✓"} ${check.name} ${seconds.toFixed(1)} s`);
  const times = [{ part: "lint", name: check.name, seconds }];
  if (!result.failed) return { ...noResults, passed: 1, times };
  console.log(result.all);
  return { ...noResults, times, failures: [{ path: ["lint", check.name], message: result.all }] };
}

/** Tracked files that a shell runs, by their ending or their first line. */
async function shellScripts(root: string): Promise<string[]> {
  const { stdout } = await execa("git", ["ls-files", "--stage", "-z"], { cwd: root });
  const entries = stdout.split("\0").flatMap((line) => {
    const match = /^(\d+) \S+ \d\t(.+)$/s.exec(line);
    return match?.[1] && match[2] ? [{ mode: match[1], name: match[2] }] : [];
  });
  const scripts: string[] = [];
  for (const { mode, name } of entries) {
    if (name.endsWith(".sh")) scripts.push(name);
    else if (mode === "100755" && (await hasShellShebang(path.join(root, name)))) scripts.push(name);
  }
  return scripts;
}

async function hasShellShebang(file: string): Promise<boolean> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return /^#!.*\b(ba|da)?sh\b/.test(buffer.toString("utf8", 0, bytesRead));
  } finally {
    await handle.close();
  }
}
