import { chmod, copyFile, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { fillDirectory } from "../tools/tool-cache.ts";
import type { GoModule } from "../tools/tool.ts";

/** Builds a program from Go modules into `directory`, beside its licence. `onProgress` hears how far it is. */
export async function buildGoTool(
  name: string,
  recipe: GoModule,
  directory: string,
  onProgress: (text: string) => void,
): Promise<void> {
  await fillDirectory(directory, async (temporary) => {
    const module = path.join(temporary, "module");
    await mkdir(module);
    const go = goCommand(module, recipe);
    onProgress("fetching Go modules");
    await go(["mod", "init", "tools"]);
    for (const replacement of recipe.replace) await go(["mod", "edit", `-replace=${replacement}`]);
    await go(
      ["get", "-tool", ...recipe.modules],
      countLines(/^go: downloading /, (n) => `fetching Go modules, ${n} so far`),
    );

    const build = ["-ldflags", recipe.linkerFlags];
    const stale = await go([
      "list",
      "-deps",
      "-f",
      "{{if .Stale}}{{.ImportPath}}{{end}}",
      ...build,
      recipe.package,
    ]);
    const total = stale.split("\n").filter(Boolean).length;
    onProgress(
      total > 1 ? `compiling ${total} packages, about ${recipe.minutes} min if all are new` : "linking",
    );
    const onPackage = countLines(/^[\w.]+(\/|$)/, (count) =>
      count < total ? `compiled ${count} of ${total} packages` : "linking",
    );
    await go(["build", "-v", "-o", path.join(temporary, name), ...build, recipe.package], onPackage);
    const source = await go(["list", "-m", "-f", "{{.Dir}}", recipe.license]);
    const license = (await readdir(source)).find((file) => /^LICENSE(\.txt)?$/.test(file)) ?? "LICENSE";
    await copyFile(path.join(source, license), path.join(temporary, "LICENSE.txt"));
    await chmod(path.join(temporary, "LICENSE.txt"), 0o644);
    await rm(module, { recursive: true });
  });

  function countLines(pattern: RegExp, text: (count: number) => string): (line: string) => void {
    let count = 0;
    return (line) => {
      if (pattern.test(line)) onProgress(text(++count));
    };
  }
}

function goCommand(module: string, recipe: GoModule) {
  return async (args: string[], onLine?: (line: string) => void): Promise<string> => {
    const command = execa("go", args, {
      cwd: module,
      // GOWORK and GOFLAGS of the user's own projects do not belong here.
      env: { CGO_ENABLED: recipe.cgo, GOWORK: "off", GOFLAGS: "-buildvcs=false -mod=mod" },
    });
    if (onLine) for await (const line of command.iterable({ from: "stderr" })) onLine(line);
    const { stdout } = await command;
    return stdout;
  };
}
