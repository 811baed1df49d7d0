import { expect, it } from "vitest";
import { settings } from "../../../../settings.ts";
import { backupsConfiguration, secretBackupsConfiguration } from "../../../../sandbox/spaces/backups.ts";
import { machineConfiguration } from "../../../../sandbox/stack/stack-configuration.ts";

it("points the program at this machine's mirrors and lets only this machine operate the cluster", () => {
  const addresses = {
    gateway: "198.18.4.1",
    digitalocean: "http://198.18.4.1:8080",
    mackerel: "http://198.18.4.1:8081",
    downloads: "http://198.18.4.1:8082",
    registry: "http://198.18.4.1:5000",
    apt: "http://198.18.4.1:3142",
    spaces: "http://198.18.4.1:8086",
  };
  expect(
    machineConfiguration({ stateDir: "/clone/.sandbox" }, addresses, {
      ...{ version: "1.11.3", sha256: "ab", folder: "nomad" },
    }),
  ).toEqual({
    "nomad-digitalocean:nomadVersion": "1.11.3",
    "nomad-digitalocean:nomadSha256": "ab",
    "nomad-digitalocean:nomadDownloadUrl": "http://198.18.4.1:8082/nomad",
    "nomad-digitalocean:aptMirror": "http://198.18.4.1:3142",
    "nomad-digitalocean:dockerRegistryMirrors[0]": "http://198.18.4.1:5000",
    "nomad-digitalocean:operatorCidrs[0]": "198.18.4.1/32",
    "nomad-digitalocean:mackerelApiUrl": "http://198.18.4.1:8081",
    "nomad-digitalocean:snapshotDirectory": "/clone/.sandbox/snapshots",
    "nomad-digitalocean:backupsEndpoint": "http://198.18.4.1:8086",
    "nomad-digitalocean:backupsBucket": "blog-backups",
    "nomad-digitalocean:backupsRegion": "sgp1",
  });
});

it("says nothing of backups where the sandbox has none", () => {
  expect(backupsConfiguration(undefined)).toEqual({});
  expect(secretBackupsConfiguration(undefined)).toEqual({});
});

it("gives the stack each secret that its program asks for with backups", () => {
  const given = secretBackupsConfiguration({
    ...{ accessKeyId: "id", secretAccessKey: "key", passphrase: "words" },
  });
  const asked = settings
    .filter(({ key, secret }) => key.startsWith("backups") && secret === true)
    .map(({ key }) => key);
  expect(Object.keys(given).sort()).toEqual(asked.sort());
});
