import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { installTool } from "../../../../sandbox/tools/install-tool.ts";
import { nomadArchive } from "../../../../sandbox/tools/nomad-archive.ts";
import { outsideWith } from "../../../../sandbox/tools/outside.ts";
import type { Outside } from "../../../../sandbox/tools/outside.ts";
import { installPlugins } from "../../../../sandbox/tools/pulumi-plugins.ts";
import { nomad as pinnedNomad, pulumi as pinnedPulumi } from "../../../../sandbox/tools/tool-table.ts";
import type { Tool } from "../../../../sandbox/tools/tool.ts";
import { archiveOf } from "../../../support/internet/archive.ts";
import { fakeInternet } from "../../../support/internet/fake-internet.ts";
import type { FakeInternet, Fault } from "../../../support/internet/fake-internet.ts";
import { findPulumi } from "../../../support/pulumi/workspace.ts";

// The sandbox's preparation on a machine that reaches the official sources, through a proxy and no other way. The archives
// hold other programs than the published ones, so their sums are put in the place of the pinned ones; all else is as it is.

const root = path.resolve(import.meta.dirname, "../../../..");
const realPulumi = findPulumi();
const platform = `linux-${process.arch}`;
const pluginVersions = { digitalocean: "4.80.1", nomad: "2.6.1", random: "4.21.2", tls: "5.6.1" };
const pluginUrl = (name: string, version: string) =>
  `https://get.pulumi.com/releases/plugins/pulumi-resource-${name}-v${version}-linux-${process.arch === "x64" ? "amd64" : process.arch}.tar.gz`;

let internet: FakeInternet;
let directory: string;
let cacheDir: string;
let archives: { pulumi: Buffer; nomad: Buffer; plugins: Record<string, Buffer> };
const authorities = getCACertificates("default");

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
const urlOf = (tool: Tool) => tool.release!.archives[platform]!.url;
function withSum(tool: Tool, content: Buffer): Tool {
  const archive = { ...tool.release!.archives[platform]!, sha256: sha256(content) };
  return { ...tool, release: { ...tool.release!, archives: { [platform]: archive } } };
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "downloads-"));
  internet = await fakeInternet(["get.pulumi.com", "releases.hashicorp.com", "mirror.example.com"]);
  setDefaultCACertificates([...authorities, internet.caCertificate]);
  const pulumi = {
    "pulumi/pulumi": `#!/bin/sh\nexec '${realPulumi}' "$@"\n`,
    "pulumi/pulumi-language-nodejs": "#!/bin/sh\n",
  };
  const plugin = async (name: string) =>
    [
      name,
      await archiveOf(directory, `${name}.tar.gz`, {
        [`pulumi-resource-${name}`]: `#!/bin/sh\necho ${name}\n`,
      }),
    ] as const;
  archives = {
    pulumi: await archiveOf(directory, "pulumi.tar.gz", pulumi),
    nomad: await archiveOf(directory, "nomad.zip", { nomad: "#!/bin/sh\necho Nomad v2.0.7\n" }),
    plugins: Object.fromEntries(await Promise.all(Object.keys(pluginVersions).map(plugin))),
  };
  // A build would be seen.
  await mkdir(path.join(directory, "bin"));
  const go = `#!/bin/sh\necho "$*" >> '${directory}/builds'\n[ "$*" = "env GOVERSION" ] && echo go1.26.8\n`;
  await writeFile(path.join(directory, "bin", "go"), go, { mode: 0o755 });
  await writeFile(path.join(directory, "ca.pem"), internet.caCertificate);
});
afterAll(async () => {
  setDefaultCACertificates(authorities);
  await internet.close();
  await rm(directory, { recursive: true });
});

let network: Outside;
beforeEach(async () => {
  cacheDir = await mkdtemp(path.join(directory, "cache-"));
  vi.stubEnv("HTTPS_PROXY", internet.proxy);
  vi.stubEnv("NO_PROXY", "");
  vi.stubEnv("SSL_CERT_FILE", path.join(directory, "ca.pem"));
  vi.stubEnv("PATH", `${path.join(directory, "bin")}:/usr/bin:/bin`);
  network = outsideWith({ connect: 20_000, headers: 20_000, body: 1_000, again: 10, answer: 20_000 });
  internet.forget();
  internet.files.clear();
  internet.files.set(urlOf(pinnedPulumi), archives.pulumi);
  internet.files.set(urlOf(pinnedNomad), archives.nomad);
  for (const [name, version] of Object.entries(pluginVersions))
    internet.files.set(pluginUrl(name, version), archives.plugins[name]!);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(path.join(directory, "builds"), { force: true });
});

const nomad = () => withSum(pinnedNomad, archives.nomad);
const pulumi = (): Tool => {
  const { onPath: _, ...tool } = withSum(pinnedPulumi, archives.pulumi);
  return tool;
};
const builds = async () => {
  const file = path.join(directory, "builds");
  return existsSync(file)
    ? (await readFile(file, "utf8"))
        .trim()
        .split("\n")
        .filter((line) => line !== "env GOVERSION")
    : [];
};

describe("the preparation of a machine that downloads", () => {
  test.skipIf(realPulumi === undefined)(
    "takes every tool and plugin from its official source, and builds nothing",
    async () => {
      const tool = await installTool(nomad(), cacheDir, undefined, network);
      const cli = await installTool(pulumi(), cacheDir, undefined, network);
      const plugins = await installPlugins(cli, { root, cacheDir }, () => undefined, network);
      const all = [tool, cli, ...plugins];
      expect(all.map(({ name, origin }) => `${name} ${origin}`)).toEqual([
        ...["nomad official", "pulumi official", "pulumi-language-nodejs official"],
        ...Object.keys(pluginVersions).map((name) => `pulumi-resource-${name} official`),
      ]);
      expect(all.flatMap(({ instead }) => instead ?? [])).toEqual([]);
      const given = internet.asked.filter(({ status }) => status === 200).map(({ url }) => url);
      expect(given).toEqual([
        ...[urlOf(pinnedNomad), urlOf(pinnedPulumi)],
        ...Object.entries(pluginVersions).map(([name, version]) => pluginUrl(name, version)),
      ]);
      expect(await builds()).toEqual([]);
      for (const [name] of Object.entries(pluginVersions)) {
        const installed = plugins.find((plugin) => plugin.name === `pulumi-resource-${name}`)!;
        expect((await execa(path.join(installed.path, installed.name))).stdout).toBe(name);
      }
      // Droplets get the archive as it was published.
      expect((await nomadArchive(tool, cacheDir)).sha256).toBe(sha256(archives.nomad));

      internet.forget();
      await installTool(nomad(), cacheDir, undefined, network);
      await installPlugins(cli, { root, cacheDir }, () => undefined, network);
      expect(internet.asked).toEqual([]);
    },
  );

  test.each<[string, Fault[], [status: number, range: string | undefined][]]>([
    [
      "that is overloaded twice",
      [
        { kind: "status", status: 503 },
        { kind: "status", status: 503 },
      ],
      [
        [503, undefined],
        [503, undefined],
        [200, undefined],
      ],
    ],
    [
      "whose connection is cut, and goes on there",
      [{ kind: "cut", after: 40_000 }],
      [
        [200, undefined],
        [206, "bytes=40000-"],
      ],
    ],
    [
      "that stalls, and goes on there",
      [{ kind: "stall", after: 20_000 }],
      [
        [200, undefined],
        [206, "bytes=20000-"],
      ],
    ],
    [
      "that is cut twice",
      [
        { kind: "cut", after: 30_000 },
        { kind: "cut", after: 10_000 },
      ],
      [
        [200, undefined],
        [206, "bytes=30000-"],
        [206, "bytes=40000-"],
      ],
    ],
  ])("downloads from a server %s", async (_, faults, expected) => {
    internet.faults.set(urlOf(pinnedNomad), [...faults]);
    const { origin } = await installTool(nomad(), cacheDir, undefined, network);
    expect(origin).toBe("official");
    expect(internet.asked.map(({ status, range }) => [status, range?.replace(/-\d+$/, "-")])).toEqual(
      expected,
    );
    expect(await builds()).toEqual([]);
  });

  test("follows a redirect to another host", async () => {
    const elsewhere = "https://mirror.example.com/nomad.zip";
    internet.faults.set(urlOf(pinnedNomad), [{ kind: "redirect", to: elsewhere }]);
    internet.files.set(elsewhere, archives.nomad);
    expect((await installTool(nomad(), cacheDir, undefined, network)).origin).toBe("official");
    expect(internet.asked.map(({ url }) => url)).toEqual([urlOf(pinnedNomad), elsewhere]);
  });

  test("throws a release with a wrong sum away, and takes nothing in its place", async () => {
    internet.files.set(urlOf(pinnedNomad), Buffer.concat([archives.nomad, Buffer.from("x")]));
    await expect(installTool(nomad(), cacheDir, undefined, network)).rejects.toThrow(
      /nomad_2\.0\.7_linux_\w+\.zip has sha256 [0-9a-f]{64}, not [0-9a-f]{64} as pinned; it was thrown away$/,
    );
    expect(await builds()).toEqual([]);
    expect(existsSync(path.join(cacheDir, "tools", "nomad", "2.0.7-official"))).toBe(false);
  });

  test.each<[string, () => void, RegExp]>([
    [
      "is overloaded for good",
      () => internet.faults.set(urlOf(pinnedNomad), Array<Fault>(9).fill({ kind: "status", status: 503 })),
      /download: https:\/\/releases\.hashicorp\.com\/\S+\.zip: answered 503/,
    ],
    ["has no such file", () => internet.files.delete(urlOf(pinnedNomad)), /\.zip: answered 404/],
  ])("builds where a release's server %s, and says why", async (_, prepare, why) => {
    prepare();
    // This Go builds nothing.
    await expect(installTool(nomad(), cacheDir, undefined, network)).rejects.toThrow(why);
    expect((await builds())[0]).toBe("mod init tools");
  });

  test("asks nothing but the proxy, which says that there is no such host", async () => {
    const away = {
      ...nomad(),
      release: {
        ...nomad().release!,
        archives: {
          [platform]: { ...nomad().release!.archives[platform]!, url: "https://away.example.com/nomad.zip" },
        },
      },
    };
    await expect(installTool(away, cacheDir, undefined, network)).rejects.toThrow(
      /cannot get nomad:\nbuild: /,
    );
    expect(internet.refused).toEqual(["away.example.com"]);
  });
});
