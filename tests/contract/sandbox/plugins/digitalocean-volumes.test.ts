import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import { startEmulator, token } from "../../../support/digitalocean-emulator.ts";
import type { TestEmulator } from "../../../support/digitalocean-emulator.ts";

const pulumi = findPulumi();

interface Wanted {
  readonly size?: number;
  readonly volumes?: string;
  readonly userData?: string;
}

const program = ({ size = 1, volumes = "data.id", userData = "one" }: Wanted = {}) => `
  import * as digitalocean from "@pulumi/digitalocean";
  const volume = (name, size = 1) =>
    new digitalocean.Volume(name, { name, region: "sgp1", size, initialFilesystemType: "ext4", description: "kept" });
  const [data, spare, more] = [volume("data", ${size}), volume("spare"), volume("more")];
  const node = { image: "debian-12-x64", region: "sgp1", size: "s-1vcpu-2gb" };
  new digitalocean.Droplet("node", {
    ...node, userData: "${userData}", volumeIds: [${volumes}], gracefulShutdown: true,
  }, { deleteBeforeReplace: true });
  new digitalocean.Droplet("other", node);
`;

describe.skipIf(pulumi === undefined)("volumes of the digitalocean stand-in (needs pulumi on PATH)", () => {
  let emulator: TestEmulator;
  let workspace: PulumiWorkspace;

  beforeAll(async () => {
    emulator = await startEmulator({ rateLimit: { perMinute: 5000 } });
    workspace = await pulumiWorkspace(pulumi ?? "", {
      DIGITALOCEAN_TOKEN: token,
      DIGITALOCEAN_API_URL: emulator.url,
    });
  });
  afterAll(async () => {
    await workspace.remove();
    await emulator.close();
  });

  interface Request {
    readonly method: string;
    readonly path: string;
    readonly body?: Readonly<Record<string, unknown>>;
  }
  const requests = async () => {
    const { body } = await emulator.call<{ requests: Request[] }>("GET", "/_emulator/requests");
    return body.requests.filter(({ method }) => method !== "GET");
  };
  const text = ({ method, path, body }: Request) => {
    const type = typeof body?.["type"] === "string" ? [body["type"]] : [];
    return [method, path.replace("/v2/", ""), ...type].join(" ");
  };
  /** Runs an update with another program; what it printed, and the changes that it asked the API for. */
  const update = async (wanted: Wanted = {}) => {
    const before = (await requests()).length;
    await workspace.program(program(wanted));
    const { output } = await workspace.pulumi("up", "--yes", "--skip-preview");
    return { output, asked: (await requests()).slice(before) };
  };
  const idOf = async (type: string, name: string) => {
    const found = (await workspace.state()).resources.find(({ urn }) => urn.endsWith(`:${type}::${name}`));
    return found?.id ?? "";
  };
  const volumesOf = async (droplet: string) => {
    const path = `/v2/droplets/${await idOf("Droplet", droplet)}`;
    const { body } = await emulator.call<{ droplet: { volume_ids: string[] } }>("GET", path);
    return body.droplet.volume_ids;
  };

  test("a droplet gets its volumes before it boots", async () => {
    await workspace.program(program());
    expect((await workspace.pulumi("preview")).output).toContain("+ 6 to create");
    const { output, asked } = await update();
    expect(output).toContain("6 created");
    const [node, data] = [await idOf("Droplet", "node"), await idOf("Volume", "data")];
    const created = asked.filter(({ path }) => path === "/v2/droplets").map(({ body }) => body?.["volumes"]);
    expect(created).toContainEqual([{ id: data }]);
    expect(created).toContain(undefined);
    const calls = emulator.hypervisor.calls.filter(({ method, arguments: [subject] }) => {
      const id = typeof subject === "object" ? subject.id : subject;
      return String(id) === node && method !== "setFirewall";
    });
    expect(calls).toMatchObject([
      { method: "attachVolume", arguments: [Number(node), { name: "data" }] },
      { method: "create" },
    ]);
    expect(await volumesOf("node")).toEqual([data]);
    expect(await volumesOf("other")).toEqual([]);
  });

  test("finds nothing to do the second time, also after a refresh", async () => {
    expect((await workspace.pulumi("preview", "--expect-no-changes")).exitCode).toBe(0);
    await workspace.pulumi("refresh", "--yes", "--skip-preview");
    expect((await workspace.pulumi("preview", "--expect-no-changes")).exitCode).toBe(0);
  });

  test("other volumes are attached and detached in place, the new ones first", async () => {
    const { output, asked } = await update({ volumes: "more.id" });
    expect(output).toContain("1 updated");
    const [data, more] = [await idOf("Volume", "data"), await idOf("Volume", "more")];
    expect(asked.map(text)).toEqual([
      `POST volumes/${more}/actions attach`,
      `POST volumes/${data}/actions detach`,
    ]);
    expect(await volumesOf("node")).toEqual([more]);
  });

  test("a droplet that is replaced shuts down, gives its volume back, and its successor gets it", async () => {
    const [old, more] = [await idOf("Droplet", "node"), await idOf("Volume", "more")];
    const { output, asked } = await update({ volumes: "more.id", userData: "two" });
    expect(output).toContain("1 replaced");
    expect(asked.map(text)).toEqual([
      `POST droplets/${old}/actions shutdown`,
      `POST volumes/${more}/actions detach`,
      `DELETE droplets/${old}`,
      "POST droplets",
    ]);
    expect(asked.at(-1)?.body?.["volumes"]).toEqual([{ id: more }]);
    expect(await volumesOf("node")).toEqual([more]);
  });

  test("a volume grows in place and refuses to shrink", async () => {
    const rest = { volumes: "more.id", userData: "two" };
    const { output, asked } = await update({ ...rest, size: 3 });
    expect(output).toContain("1 updated");
    expect(asked.map(text)).toEqual([`POST volumes/${await idOf("Volume", "data")}/actions resize`]);
    const shrunk = await update({ ...rest, size: 2 });
    expect(shrunk.output).toContain("size 2 is less than the volume's 3: a volume can only grow");
    expect(shrunk.asked).toEqual([]);
  });

  test("destroys droplets and volumes, though the volumes are attached", async () => {
    expect((await workspace.pulumi("destroy", "--yes", "--skip-preview")).output).toContain("6 deleted");
    const { body } = await emulator.call<{ volumes: unknown[] }>("GET", "/v2/volumes");
    expect(body.volumes).toEqual([]);
  });
});
