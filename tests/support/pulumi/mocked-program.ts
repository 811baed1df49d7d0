import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import type { MockCallArgs, MockResourceArgs } from "@pulumi/pulumi/runtime/mocks.js";
import { vi } from "vitest";

/** A resource as the program declared it. */
export interface DeclaredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** True for resources of providers, false for components. */
  readonly custom: boolean;
  /** Type and name of the resource with whose deletion this one counts as deleted; undefined for none. */
  readonly deletedWith: string | undefined;
  /** Names of the resources that it comes after. */
  readonly dependsOn: readonly string[];
}

const secretSignature = "4dabf18193072939515e22adb298388d";

/** True if the engine would store and show the value as a secret. */
export function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && secretSignature in value;
}

/** The value, secret or not. */
export function plain(value: unknown): unknown {
  return isSecret(value) ? (value as { value: unknown }).value : value;
}

/** What providers compute, as far as the program reads it. */
function computed(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "digitalocean:index/reservedIp:ReservedIp":
      return { ipAddress: `192.0.2.${10 + Number(name.slice(-1))}` };
    case "digitalocean:index/vpc:Vpc":
      return { ipRange: "10.104.16.0/20" };
    case "digitalocean:index/loadBalancer:LoadBalancer":
      return { ip: "192.0.2.80" };
    case "digitalocean:index/droplet:Droplet":
      return { ipv4Address: "192.0.2.100", ipv4AddressPrivate: "10.104.0.2" };
    case "tls:index/privateKey:PrivateKey":
      return { privateKeyPem: `private key of ${name}` };
    case "tls:index/selfSignedCert:SelfSignedCert":
    case "tls:index/locallySignedCert:LocallySignedCert":
      return { certPem: `certificate of ${name}` };
    case "tls:index/certRequest:CertRequest":
      return { certRequestPem: `request of ${name}` };
    case "random:index/randomPassword:RandomPassword":
      return { result: "0123456789abcdef".repeat(name.includes("gossip") ? 4 : 2) };
    case "nomad:index/aclToken:AclToken":
      return { secretId: "deploy token" };
    default:
      return {};
  }
}

const account: Record<string, Record<string, unknown>> = {
  "digitalocean:index/getAccount:getAccount": { dropletLimit: 10, floatingIpLimit: 3 },
  "digitalocean:index/getRegions:getRegions": { regions: [{ slug: "sgp1", available: true }] },
  "digitalocean:index/getSizes:getSizes": {
    sizes: [{ slug: "s-2vcpu-4gb", available: true, regions: ["sgp1"], memory: 4096, disk: 80 }],
  },
  "digitalocean:index/getDroplets:getDroplets": { droplets: [] },
  "pulumi:pulumi:readStackResourceOutputs": { outputs: {} },
};

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getDeletedwith(): string;
  getDependenciesList(): string[];
}

/** The option `deletedWith`, which the SDK's mocks do not hand on, by type and name. */
const deletedWithOf = new Map<string, string | undefined>();
/** What a resource depends on, likewise. */
const dependenciesOf = new Map<string, string[]>();
const registerResource: MockMonitor["registerResource"] = Reflect.get(
  MockMonitor.prototype,
  "registerResource",
);

// The SDK's mocks take part in everything but hooks, and then wait for them for ever.
Object.assign(MockMonitor.prototype, {
  registerResource(this: MockMonitor, request: RegisterRequest, done: () => void) {
    const deletedWith = request.getDeletedwith().split("$").at(-1) || undefined;
    const key = `${request.getType()}::${request.getName()}`;
    deletedWithOf.set(key, deletedWith);
    const nameOf = (urn: string) => urn.split("::").at(-1)!;
    dependenciesOf.set(key, request.getDependenciesList().map(nameOf));
    return registerResource.call(this, request, done);
  },
  registerResourceHook: (_request: object, done: (error: null, answer: object) => void) => done(null, {}),
});

/** Runs `program` as a preview on Pulumi's mocks and returns all that it declared, in order. */
export async function declared(program: () => void): Promise<DeclaredResource[]> {
  const resources: DeclaredResource[] = [];
  // With a token the program would ask the account itself.
  for (const name of ["DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"])
    Reflect.deleteProperty(process.env, name);
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }: MockResourceArgs) {
        const given = inputs as Record<string, unknown>;
        const key = `${type}::${name}`;
        const deletedWith = deletedWithOf.get(key);
        const dependsOn = dependenciesOf.get(key) ?? [];
        resources.push({ type, name, inputs: given, custom: custom ?? false, deletedWith, dependsOn });
        const id = type.endsWith(":Droplet") ? "1001" : `${name}-id`;
        return { id, state: { ...given, ...computed(type, name) } };
      },
      call({ token }: MockCallArgs) {
        const answer = account[token];
        if (!answer) throw new Error(`no mocked answer for ${token}`);
        return answer;
      },
    },
    "nomad-digitalocean",
    "test",
    true,
  );
  // The mocked addresses are nobody's: the program would wait for an answer until its time is over.
  // A test may have loaded the modules anew, so this is the program's own.
  const { NomadClient } = await import("../../../components/clients/nomad/client.ts");
  const asked = (["leader", "staleView"] as const).map((call) =>
    vi.spyOn(NomadClient.prototype, call).mockRejectedValue(new Error("nobody answers")),
  );
  try {
    await pulumi.runtime.runInPulumiStack(() => {
      program();
      return Promise.resolve(undefined);
    });
    // The stack does not wait for what its components do, and the next one takes the mocks away.
    await pulumi.runtime.disconnect();
  } finally {
    for (const call of asked) call.mockRestore();
  }
  return resources;
}
