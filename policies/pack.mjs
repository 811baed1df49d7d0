#!/usr/bin/env node
// What `--policy-pack` names: Pulumi starts an executable file as it is, so that Node runs the sources with no build.
const oldest = [22, 18];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `these policies need Node ${oldest.join(".")} or newer; \`node\` on PATH is ${process.version}`,
  );
  process.exit(1);
}
// The SDK reads the pack's version from the package.json of the working directory.
process.chdir(import.meta.dirname);
await import("./index.ts");
