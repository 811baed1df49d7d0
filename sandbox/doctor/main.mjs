// @ts-check
// `npm run doctor`: what is good and bad about this machine for the sandbox. Runs before `npm ci`.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { doctor, findingsText } from "./doctor.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const findings = await doctor(root);
const isJson = process.argv.includes("--json");
console.log(isJson ? JSON.stringify(findings, null, 2) : findingsText(findings));
if (findings.some(({ level }) => level === "problem")) process.exitCode = 1;
