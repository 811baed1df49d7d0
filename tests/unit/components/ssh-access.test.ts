import { expect, test } from "vitest";
import { NomadCluster } from "../../../components/index.ts";
import { fingerprintOf, keyNameOf } from "../../../components/nodes/ssh-keys.ts";
import { declared } from "../../support/pulumi/mocked-program.ts";
import { sshPublicKey } from "../../support/digitalocean/ssh-public-key.ts";

async function access(keys: { sshKeys?: string[]; sshPublicKeys?: string[] }) {
  const resources = await declared(() => {
    new NomadCluster("nomad", { operatorCidrs: ["192.0.2.7/32"], clusterName: "blog", ...keys });
  });
  const inputsOf = (type: string) =>
    resources.filter((resource) => resource.type.endsWith(`:${type}`)).map(({ inputs }) => inputs);
  // The mocks answer after the program has ended.
  await expect.poll(() => inputsOf("Droplet").length).toBe(3);
  const rules = inputsOf("Firewall")[0]!["inboundRules"] as { portRange?: string }[];
  return {
    sshIsOpen: rules.some(({ portRange }) => portRange === "22"),
    inAccount: inputsOf("SshKey"),
    ofDroplets: inputsOf("Droplet").map(({ sshKeys }) => sshKeys),
  };
}

test("a cluster without SSH keys has no SSH port", async () => {
  expect(await access({})).toEqual({ sshIsOpen: false, inAccount: [], ofDroplets: [[], [], []] });
});

test("a public key is put into the account without its comment, and every droplet has it", async () => {
  const publicKey = sshPublicKey(1, "you@laptop");
  const keys = ["512", fingerprintOf(publicKey)].sort();
  expect(await access({ sshKeys: ["512"], sshPublicKeys: [`${publicKey}\n`] })).toEqual({
    sshIsOpen: true,
    inAccount: [{ name: keyNameOf("blog", publicKey), publicKey: publicKey.replace(" you@laptop", "") }],
    ofDroplets: [keys, keys, keys],
  });
});
