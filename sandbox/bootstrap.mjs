// First step of every npm script: runs on any Node from 18, with nothing installed, so it uses no dependency.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { doctor, findingsText } from "./doctor/doctor.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const installed = path.join(root, "node_modules", ".package-lock.json");
const lock = path.join(root, "package-lock.json");

function run(command, args, environment = process.env) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: environment });
  if (result.error) {
    console.error(`${command}: ${result.error.message}`);
    process.exit(1);
  }
  return result.status ?? 1;
}

const [script, ...args] = process.argv.slice(2);
if (args[0] === "start") {
  const findings = (await doctor(root)).filter(({ level }) => level !== "ok");
  if (findings.length > 0) console.error(findingsText(findings));
  if (findings.some(({ level }) => level === "problem")) {
    console.error("The sandbox cannot start here: mend what is marked with ✖ and run the command again.");
    process.exit(1);
  }
}

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error("Installing npm packages (about a minute the first time) ...");
  const status = run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (status !== 0) {
    console.error("npm ci failed: the lines above say why. Mend that and run the command again.");
    process.exit(status);
  }
}

const binaries = path.join(root, "node_modules", ".bin");
// The pinned Node comes as a package of the platform; where there is none, this process's own has to do.
const pinned = path.join(binaries, "node");
const node = existsSync(pinned) ? pinned : process.execPath;
if (node !== pinned && Number(process.versions.node.split(".")[0]) < 24) {
  console.error(
    `There is no Node 24 as an npm package for ${process.platform} on ${process.arch}, and this is Node ${process.versions.node}: install Node 24.`,
  );
  process.exit(1);
}
const environment = { ...process.env, PATH: `${binaries}${path.delimiter}${process.env.PATH}` };
process.exit(run(node, [path.join(root, script), ...args], environment));
