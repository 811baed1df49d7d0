import { expect, test } from "vitest";
import { clusterOf, knownClusters } from "../../../../cli/report/cluster-access.ts";
import type { ResourceChange } from "../../../../cli/report/resource-changes.ts";

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

test("the stack's cluster is known at each of its servers, since a provider calls another while the first is away", async () => {
  const addresses = [outputs.connection.address, "https://192.0.2.11:4646"];
  const connection = { ...outputs.connection, addresses };
  const { clusters } = await knownClusters({ connection }, {});
  const provider = { urn: "provider", new: { address: addresses[1] } } as unknown as ResourceChange;
  const job = { urn: "job", provider: "provider" } as unknown as ResourceChange;
  expect(clusterOf(job, [job, provider], clusters)).toMatchObject({ address: addresses[1], token: "stack" });
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
