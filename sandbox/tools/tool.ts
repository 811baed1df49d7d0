/** A program that the sandbox needs, and every way to get it. */
export interface Tool {
  readonly name: string;
  /** A program of this name on PATH serves if its version is at least `minimum` and of the same major version. */
  readonly onPath?: { readonly minimum: string; readonly versionArguments: readonly string[] };
  /** A variable that names the program to use, whatever else there is. */
  readonly given?: { readonly variable: string; readonly versionArguments: readonly string[] };
  readonly release?: Release;
  readonly goModule?: GoModule;
}

/** An official release. */
export interface Release {
  readonly version: string;
  /** File names by `<os>-<arch>` as Node names them; a platform that is missing has no pinned checksum. */
  readonly archives: Readonly<Record<string, Archive>>;
}

export interface Archive {
  readonly url: string;
  readonly sha256: string;
  /** Path of the program inside the archive. */
  readonly program: string;
}

/** How to build the program from Go modules. */
export interface GoModule {
  readonly version: string;
  /** Arguments of `go get -tool`. */
  readonly modules: readonly string[];
  /** The main package. */
  readonly package: string;
  /** `old=new@version`, as `go mod edit -replace` takes them. */
  readonly replace: readonly string[];
  readonly linkerFlags: string;
  /** "0" for a static binary, "1" where the program needs C. */
  readonly cgo: "0" | "1";
  /** Module whose LICENSE goes with the program. */
  readonly license: string;
  /** About how long a build takes with nothing in Go's build cache, in minutes on two cores. */
  readonly minutes: number;
}

export type Origin = "given" | "path" | "official" | "built" | "stand-in";

export interface InstalledTool {
  readonly name: string;
  readonly version: string;
  /** The program. For an official provider plugin: its folder under PULUMI_HOME. */
  readonly path: string;
  readonly origin: Origin;
  /** Why it is not the official release, when it was installed just now. */
  readonly instead?: string;
}
