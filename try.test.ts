import { test } from "vitest";
import { pulumiWorkspace } from "./tests/support/pulumi/workspace.ts";
test("x", async () => {
  const w = await pulumiWorkspace(process.env["PU"]!, {});
  const prog = (n: string) => `
  import * as pulumi from "@pulumi/pulumi";
  import * as random from "@pulumi/random";
  const out = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: pulumi.getStack() });
  console.log("OUT", JSON.stringify(out));
  console.log("MODE", JSON.stringify(process.argv), Object.keys(process.env).filter(k=>k.startsWith("PULUMI")));
  new random.RandomPassword("a", { length: ${n} });
  `;
  await w.program(prog("8"));
  for (const a of [["preview"],["up","--yes"],["preview"],["refresh","--yes","--run-program"],["destroy","--yes","--run-program"]]) {
    const t = Date.now();
    const r = await w.pulumi(...a); console.log(a, r.exitCode, Date.now()-t, r.output);
  }
}, 120000);
