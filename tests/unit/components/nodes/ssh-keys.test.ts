import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkPublicKey,
  fingerprintOf,
  keyIdentifiers,
  keyNameOf,
} from "../../../../components/nodes/ssh-keys.ts";
import { sshPublicKey } from "../../../support/digitalocean/ssh-public-key.ts";

// Made by ssh-keygen, which also says the fingerprint: ssh-keygen -l -E md5.
const ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILkMAF7CVuAl48ieQN8e0i9QmYK9hj66Sp13vYk0wHGJ you@laptop";
const made: [string, string][] = [
  [ed25519, "7e:6d:9c:b0:7e:4e:02:6c:ed:5e:22:3b:d5:f5:0e:90"],
  [
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBL3xLh1fc/It7VNH1n3FUbVRTzUydWR7yXJVGEtVp9MmnLwNmsHGD6P41sMydZncS90e0k2EbOXzbSNmg+iapW4= you@laptop",
    "ba:26:1b:54:05:2f:ed:ee:80:3a:94:2b:7c:45:56:a9",
  ],
  [
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCyzCq5EHRDlUY8jbo4WrUYiR/Fv4l26BpppIvqZZydhSYWZpFyqJ22aAjR3+KMoM48aiDjDjq9pNmkaNrtmbejRJJgtZPf6TCxXvOCFBKoHbVPO2iqZJ++Rrw33GgRajixQzbxOW3gmXYYqg5SG5nzTdcUPII5czfNHB6wkwhsDJg5g8VOtehEYD98Nz3ctScJNSttXNhkaa+Jr/V/E2Q+EE4Rsuj6bGzRMy9GCu0cRnKULvFxICjQ5GdEdbFbkXkmiRvOyiwTrw8Df0ibnz437BPidz0yw1EjyOQpsLYgcWTL0h3MuL4pNaqwrKk3YoSBcXPccvoRD1gHeGq41/mN you@laptop",
    "51:0d:64:ea:8a:36:b1:20:76:82:45:7a:51:95:55:1c",
  ],
];

describe("an SSH public key", () => {
  test.each(made)("is known by the fingerprint that ssh-keygen says: %s", (publicKey, fingerprint) => {
    expect(checkPublicKey(publicKey)).toBeUndefined();
    expect(checkPublicKey(`${publicKey}\n`)).toBeUndefined();
    expect(fingerprintOf(publicKey)).toBe(fingerprint);
  });

  test.each([
    ["nothing", ""],
    ["a fingerprint", "3b:16:bf:e4:8b:00:8b:b8:59:8c:a9:d3:f0:19:45:fa"],
    ["another type than its own", ed25519.replace("ssh-ed25519", "ssh-rsa")],
    ["a type that nobody takes any more", ed25519.replace("ssh-ed25519", "ssh-dss")],
    ["options before it", `no-pty ${ed25519}`],
    ["two keys", `${ed25519}\n${ed25519}`],
    ["a type alone", "ssh-ed25519"],
  ])("is not %s", (_, text) => {
    expect(checkPublicKey(text)).toBe(
      `"${text}" is not a whole public key; give the content of a .pub file, like "ssh-ed25519 AAAA... you@laptop"`,
    );
  });

  test("is not a private key, which is not printed", () => {
    const reason = checkPublicKey("-----BEGIN OPENSSH PRIVATE KEY-----\ncanary");
    expect(reason).toMatch(/^is a private key.*\.pub file/);
    expect(reason).not.toContain("canary");
  });

  test("is whole: one that is cut off anywhere is none", () => {
    const [type = "", encoded = ""] = ed25519.split(" ");
    fc.assert(
      fc.property(fc.nat(encoded.length - 1), (length) => {
        expect(checkPublicKey(`${type} ${encoded.slice(0, length)}`)).toBeDefined();
      }),
    );
  });
});

describe("the keys of a droplet", () => {
  const [one, other] = [sshPublicKey(1), sshPublicKey(2)];

  test("are the same in any order, whatever their comments, and none twice", () => {
    const access = { sshKeys: ["512", fingerprintOf(one)], sshPublicKeys: [one, other] };
    const same = { sshKeys: ["512"], sshPublicKeys: [other, sshPublicKey(1, "another comment")] };
    expect(keyIdentifiers(access)).toEqual(keyIdentifiers(same));
    expect(keyIdentifiers(access)).toHaveLength(3);
  });

  test("have names of the cluster's own", () => {
    expect(keyNameOf("blog", one)).toMatch(/^blog-ssh-[0-9a-f]{8}$/);
    expect(keyNameOf("blog", one)).not.toBe(keyNameOf("blog", other));
  });
});
