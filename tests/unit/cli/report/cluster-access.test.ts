import { expect, test } from "vitest";
import { knownClusters } from "../../../../cli/report/cluster-access.ts";

const outputs = { connection: { address: "https://192.0.2.10:4646", caCertificate: "PEM", token: "stack" } };
const environment = { NOMAD_ADDR: "http://127.0.0.1:4646", NOMAD_TOKEN: "shell" };

test("the clusters are those of the stack and of the shell", async () => {
  const { clusters, remarks } = await knownClusters(outputs, environment);
  expect(clusters.map(({ address, token }) => [address, token])).toEqual([
    ["https://192.0.2.10:4646", "stack"],
    ["http://127.0.0.1:4646", "shell"],
  ]);
  expect(remarks).toEqual([]);
});

test("a certificate that cannot be read is remarked on, and the stack's cluster is still asked", async () => {
  const { clusters, remarks } = await knownClusters(outputs, {
    ...environment,
    NOMAD_CACERT: "/nonexistent",
  });
  expect(clusters.map(({ token }) => token)).toEqual(["stack"]);
  expect(remarks).toEqual([
    expect.stringMatching(
      /^NOMAD_CACERT cannot be read, so the cluster of NOMAD_ADDR is not asked: .*'\/nonexistent'/,
    ),
  ]);
});

test.each([
  [{ NOMAD_CACERT: "" }, ["stack", "shell"]],
  [{ NOMAD_ADDR: "" }, ["stack"]],
  [{ NOMAD_TOKEN: "" }, ["stack"]],
])("what is empty is taken for unset: %j", async (changed, tokens) => {
  const { clusters, remarks } = await knownClusters(outputs, { ...environment, ...changed });
  expect(clusters.map(({ token }) => token)).toEqual(tokens);
  expect(remarks).toEqual([]);
});
