import { beforeAll, describe, expect, test } from "vitest";
import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";

interface Registered {
  type: string;
  inputs: Record<string, unknown>;
}
const registered: Registered[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push({ type: args.type, inputs: args.inputs as Record<string, unknown> });
      return { id: args.name, state: args.inputs as object };
    },
    call: () => ({}),
  });
});

const secrecy = <T>(output: pulumi.Output<T>) => pulumi.isSecret(output);

describe("@pulumi/nomad", () => {
  test("registers a job under the published token and refuses one without a jobspec", async () => {
    const job = new nomad.Job("agent", { jobspec: "{}", json: true });
    await new Promise((resolve) => job.id.apply(resolve));
    expect(registered).toContainEqual({ type: "nomad:index/job:Job", inputs: { jobspec: "{}", json: true } });
    expect(() => new nomad.Job("empty", {} as nomad.JobArgs)).toThrow("Missing required property 'jobspec'");
  });

  test("keeps a variable's items secret, and only those", async () => {
    const variable = new nomad.Variable("key", { path: "nomad/jobs/agent", items: { apikey: "k" } });
    expect(await secrecy(variable.items)).toBe(true);
    expect(await secrecy(variable.path)).toBe(false);
  });

  test("keeps the provider's token and key secret and sends non-strings as JSON", async () => {
    const provider = new nomad.Provider("cluster", {
      address: "https://192.0.2.1:4646",
      skipVerify: true,
      secretId: "s",
    });
    expect(await secrecy(provider.secretId)).toBe(true);
    await new Promise((resolve) => provider.id.apply(resolve));
    const inputs = registered.find(({ type }) => type === "pulumi:providers:nomad")?.inputs;
    expect(inputs).toMatchObject({ address: "https://192.0.2.1:4646", skipVerify: "true" });
  });

  test("knows its own instances", () => {
    const namespace = nomad.Namespace.get("existing", "default");
    expect(nomad.Namespace.isInstance(namespace)).toBe(true);
    expect(nomad.Job.isInstance(namespace)).toBe(false);
  });
});
