import { coerce, gte, satisfies } from "semver";
import type { Tool } from "./tool.ts";

/** What is known about this machine before anything is fetched. */
export interface MachineFacts {
  /** `<os>-<arch>` as Node names them. */
  readonly platform: string;
  /** The program that the user has named. */
  readonly given?: { readonly path: string; readonly version: string };
  readonly onPath?: { readonly path: string; readonly version: string };
  /** Versions in the cache, by how they came there. */
  readonly cached: { readonly official: boolean; readonly built: boolean };
  /** Version of Go on PATH. */
  readonly go?: string;
  readonly releaseHostAnswers: boolean;
}

export type ToolSource =
  | { readonly kind: "given" | "path"; readonly path: string; readonly version: string }
  | { readonly kind: "cached-official" | "cached-built" | "download" | "build" };

/** Oldest Go that fetches by itself the toolchain that a module asks for. */
const oldestGo = "1.21.0";

/**
 * Where to get a tool: the one that was named, else in the order to try: PATH, the cache, the official release, a build from Go modules. What is
 * in the cache comes before a download, so that a sandbox does not change its Nomad because a network came back.
 */
export function toolSources(tool: Tool, facts: MachineFacts): ToolSource[] {
  const { given, onPath } = facts;
  if (given) return [{ kind: "given", ...given }];
  const sources: ToolSource[] = [];
  if (tool.onPath && onPath && satisfies(onPath.version, `^${tool.onPath.minimum}`)) {
    sources.push({ kind: "path", ...onPath });
  }
  const archive = tool.release?.archives[facts.platform];
  if (archive && facts.cached.official) sources.push({ kind: "cached-official" });
  if (tool.goModule && facts.cached.built) sources.push({ kind: "cached-built" });
  if (archive && facts.releaseHostAnswers) sources.push({ kind: "download" });
  if (tool.goModule && facts.go && gte(coerce(facts.go) ?? "0.0.0", oldestGo))
    sources.push({ kind: "build" });
  return sources;
}

/** Why a tool that has a release is built; undefined if it has none. `failures` are those of the sources before. */
export function whyBuilt(tool: Tool, facts: MachineFacts, failures: readonly string[]): string | undefined {
  const archive = tool.release?.archives[facts.platform];
  if (!archive) return undefined;
  return failures.at(-1) ?? `${new URL(archive.url).host} does not answer`;
}

/** Why there is no source, and what to do about it. */
export function noSourceMessage(tool: Tool, facts: MachineFacts): string {
  const tried: string[] = [];
  if (tool.onPath) {
    tried.push(
      facts.onPath
        ? `${facts.onPath.path} is ${facts.onPath.version}, older than ${tool.onPath.minimum} or of another major version`
        : `no ${tool.name} ${tool.onPath.minimum} or later on PATH`,
    );
  }
  const archive = tool.release?.archives[facts.platform];
  if (archive) tried.push(`${new URL(archive.url).host} does not answer`);
  else if (tool.release) tried.push(`there is no pinned release for ${facts.platform}`);
  if (tool.goModule)
    tried.push(facts.go ? `Go ${facts.go} is too old to build it` : "there is no Go on PATH to build it");
  const advice = tool.goModule
    ? `Install Go ${oldestGo} or later (https://go.dev/doc/install)${archive ? ", or connect to a network that has the release" : ""}, and run the command again.`
    : "Connect to a network that has the release, and run the command again.";
  return `cannot get ${tool.name}: ${tried.join("; ")}. ${advice}`;
}
