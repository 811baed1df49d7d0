import path from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import type { Finding } from "../../../../sandbox/doctor/facts.ts";

const root = path.resolve(import.meta.dirname, "../../../..");

test("`npm run -s doctor -- --json` prints JSON alone, and fails where there is a problem", async () => {
  const env = { DOCKER_HOST: "tcp://192.0.2.1:2375" };
  const result = await execa("npm", ["run", "-s", "doctor", "--", "--json"], {
    cwd: root,
    env,
    reject: false,
  });
  const findings = JSON.parse(result.stdout) as Finding[];
  expect(findings.find(({ subject }) => subject === "Docker")).toMatchObject({ level: "problem" });
  expect([result.exitCode, result.stderr]).toEqual([1, ""]);
});

test("a start ends before anything is installed where the machine cannot run the sandbox", async () => {
  const env = { DOCKER_HOST: "tcp://192.0.2.1:2375" };
  const command = ["sandbox/bootstrap.mjs", "sandbox/cli.ts", "start"];
  const result = await execa("node", command, { cwd: root, env, reject: false });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(/✖ Docker: the client asks tcp:\/\/192\.0\.2\.1:2375/);
  expect(result.stderr).toMatch(/mend what is marked with ✖ and run the command again\.$/);
  expect(result.stdout).toBe("");
});
