import { expect, it } from "vitest";
import { testsOf } from "../../runner/changed.ts";

const all = ["tests/"];

it.each<[string, string[] | undefined, string[] | undefined, string[] | undefined]>([
  ["docs/operations.md", undefined, undefined, undefined],
  ["tests/unit/config.test.ts", undefined, undefined, undefined],
  ["emulators/mackerel/tests/unit/schema.test.ts", undefined, undefined, undefined],
  [
    "components/rollout/rollout.ts",
    ["contract/components", "contract/package", "contract/policies", "contract/cli"],
    all,
    all,
  ],
  ["emulators/mackerel/server.ts", ["emulators", "contract/sandbox"], undefined, all],
  ["policies/cluster.ts", ["contract/policies"], undefined, undefined],
  ["sandbox/droplets/image.ts", ["contract/sandbox"], undefined, all],
  ["providers/engine/provider.ts", all, all, all],
  ["Pulumi.yaml", undefined, undefined, all],
  ["tests/support/sandbox.ts", all, all, all],
  ["tests/cluster/preview.test.ts", undefined, ["tests/cluster/preview.test.ts"], undefined],
  [
    "emulators/digitalocean/tests/contract/client.test.ts",
    ["emulators/digitalocean/tests/contract/client.test.ts"],
    undefined,
    undefined,
  ],
])("%s can break", (file, contract, cluster, e2e) => {
  expect([testsOf("contract", [file]), testsOf("cluster", [file]), testsOf("e2e", [file])]).toEqual([
    contract,
    cluster,
    e2e,
  ]);
});
