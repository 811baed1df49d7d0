import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { defineNodes } from "../../../../components/cluster/node-definitions.ts";
import { valueIfKnown } from "../../../../components/value-if-known.ts";
import type { Slot } from "../../../../components/nodes/names.ts";
import { resolveClusterArgs } from "../../../../components/cluster/defaults.ts";
import { previewOutputs, settled } from "../../../support/pulumi/preview-outputs.ts";

/** Slots whose specs a preview knows in which the value `changing` is not known yet. */
async function knownSpecs(changing: "gossipKey" | "server-1's certificate" | "server-1's address") {
  const { known, unknown } = await previewOutputs();
  const servers: Slot[] = ["server-1", "server-2"];
  const clients: Slot[] = ["client-1"];
  const unlessChanging = (what: typeof changing) => (what === changing ? unknown : known);
  const certificates = [...servers, ...clients].map((slot) => {
    const certificate = slot === "server-1" ? unlessChanging("server-1's certificate") : known;
    return [slot, { certificate, privateKey: pulumi.secret(known) }] as const;
  });
  const nodes = defineNodes({ servers, clients }, resolveClusterArgs("blog", { operatorCidrs: [] }), {
    certificates: { caCertificate: known, agents: new Map(certificates) },
    secrets: { gossipKey: pulumi.secret(unlessChanging("gossipKey")) },
    network: { reservedAddresses: [unlessChanging("server-1's address"), known] },
    volumes: [],
  });
  const specs = await settled(pulumi.all(nodes.map(({ specHash }) => valueIfKnown(specHash))));
  return nodes.map(({ slot }) => slot).filter((_, index) => specs[index] !== undefined);
}

test("a preview does not know the new user-data of the nodes that a value goes to, and of no other", async () => {
  expect(await knownSpecs("gossipKey")).toEqual(["client-1"]);
  expect(await knownSpecs("server-1's certificate")).toEqual(["server-2", "client-1"]);
  expect(await knownSpecs("server-1's address")).toEqual([]);
});

test("the order of SSH keys means nothing", () => {
  const resolved = (...sshKeys: string[]) =>
    resolveClusterArgs("blog", { operatorCidrs: [], sshKeys }).sshKeys;
  expect(resolved("b", "a", "b")).toEqual(resolved("a", "b"));
  expect(resolved("a", "b")).toEqual(["a", "b"]);
});

test("another text of rebuild, and none, changes what every node is made of", async () => {
  const hashesWith = async (rebuild?: string) => {
    const { known } = await previewOutputs();
    const slots: Slot[] = ["server-1", "client-1"];
    const args = { operatorCidrs: [], ...(rebuild !== undefined && { rebuild }) };
    const certificate = { certificate: known, privateKey: known };
    const nodes = defineNodes(
      { servers: ["server-1"], clients: ["client-1"] },
      resolveClusterArgs("blog", args),
      {
        certificates: {
          caCertificate: known,
          agents: new Map(slots.map((slot) => [slot, certificate] as const)),
        },
        secrets: { gossipKey: known },
        network: { reservedAddresses: [known] },
        volumes: [],
      },
    );
    return settled(pulumi.all(nodes.map(({ specHash }) => specHash)));
  };
  const hashes = [await hashesWith(), await hashesWith("2026-12"), await hashesWith("2027-01")];
  expect(new Set(hashes.flat()).size).toBe(6);
  expect(await hashesWith("2026-12")).toEqual(hashes[1]);
});
