import { describe, expect, test } from "vitest";
import { droplet } from "../../../../sandbox/offline/plugins/digitalocean/droplet.ts";
import { checkInputs } from "../../../../providers/engine/check.ts";
import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import {
  keptInputs,
  markedInputs,
  plannedUpdate,
  refreshedInputs,
} from "../../../../providers/engine/state.ts";
import { unknown, withoutSecrets } from "../../../../providers/engine/values.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import { job } from "../../../../sandbox/offline/plugins/nomad/job.ts";
import { certRequest, selfSignedCert } from "../../../../sandbox/offline/plugins/tls/certificates.ts";
import { privateKey } from "../../../../sandbox/offline/plugins/tls/private-key.ts";

const sha1OfA = "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8";

describe("inputs after the check", () => {
  const certificate = { privateKeyPem: "k", validityPeriodHours: 1, allowedUses: [] };
  test.each<[string, Pick<ResourceType<never>, "inputs">, Properties, Properties]>([
    ["a droplet's", droplet, { image: "a", size: "b", name: "c" }, { resizeDisk: true }],
    ["a private key's", privateKey, { algorithm: "RSA" }, {}],
    ["a certificate's", selfSignedCert, certificate, {}],
    [
      "a job's",
      job,
      { jobspec: "{}" },
      { detach: true, deregisterOnDestroy: true, deregisterOnIdChange: true },
    ],
  ])("%s hold the official plugin's defaults only", (_name, type, given, defaults) => {
    expect(checkInputs(type.inputs, given).inputs).toEqual({ ...given, ...defaults });
  });

  test("hide a private key that is given plain", () => {
    const marked = markedInputs(certRequest, { privateKeyPem: "canary", dnsNames: ["a"] });
    expect(marked["privateKeyPem"]).not.toBe("canary");
    expect(marked["dnsNames"]).toEqual(["a"]);
    expect(withoutSecrets(marked["privateKeyPem"])).toBe("canary");
    expect(markedInputs(certRequest, { privateKeyPem: unknown })).toEqual({ privateKeyPem: unknown });
  });
});

describe("a job's preview", () => {
  test("knows what the job says, and nothing of an unknown one", () => {
    expect(job.plannedOutputs?.({ jobspec: '{"ID":"a","Type":"system"}' })).toEqual({
      name: "a",
      namespace: "default",
      type: "system",
    });
    expect(job.plannedOutputs?.({ jobspec: unknown })).toEqual({});
  });
});

describe("the state", () => {
  test("shows defaults that the inputs leave out, but no maximum path length", () => {
    expect(keptInputs(privateKey, { algorithm: "ED25519" })).toMatchObject({ rsaBits: 2048 });
    expect(keptInputs(selfSignedCert, {})).toMatchObject({ earlyRenewalHours: 0, isCaCertificate: false });
    expect(keptInputs(selfSignedCert, {})).not.toHaveProperty("maxPathLength");
  });

  test("keeps the SHA-1 of user data, in a preview too", () => {
    expect(keptInputs(droplet, { userData: "a" })["userData"]).toBe(sha1OfA);
    expect(plannedUpdate(droplet, { userData: sha1OfA }, { userData: "a" })["userData"]).toBe(sha1OfA);
    expect(keptInputs(droplet, { userData: unknown })["userData"]).toBe(unknown);
  });

  test("leaves the text of user data in the inputs at a refresh", () => {
    const state = { userData: sha1OfA, name: "a" };
    expect(refreshedInputs(droplet, { userData: "a", name: "a" }, state, { ...state, name: "b" })).toEqual({
      userData: "a",
      name: "b",
    });
  });
});
