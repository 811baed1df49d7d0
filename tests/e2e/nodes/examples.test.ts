import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseNodeName } from "../../../components/nodes/names.ts";
import { NomadClient } from "../../../components/clients/nomad/client.ts";
import { standInImages } from "../../../sandbox/offline/images.ts";
import { account } from "../../support/account.ts";
import { expectFrontPage, expectPost, publishPost } from "../../support/blog/blog.ts";
import { exampleStack, machineSettings } from "../../support/pulumi/example-stack.ts";
import { hostsOf, retireHosts } from "../../support/mackerel-hosts.ts";
import { exampleFiles, packageConsumer } from "../../support/pulumi/packed-packages.ts";
import type { PackageConsumer } from "../../support/pulumi/packed-packages.ts";
import { publishImage } from "../../support/publish-image.ts";
import {
  eventually,
  nomad,
  onDroplet,
  pulumi,
  runningAllocations,
  settings,
  status,
} from "../../support/sandbox.ts";

// The examples as their READMEs run them, as stacks beside the sandbox's. Two of them are npm projects that install the
// package from its tarball. All at once, since most of their time is waiting.

const root = path.resolve(import.meta.dirname, "../../..");

let consumer: PackageConsumer;
let directory: string;
let apiKey: string;
let token: string;
let before: string[][];

const allocationsOfTheBlog = () =>
  Promise.all(
    ["ghost", "mackerel", "nginx"].map(async (job) =>
      (await runningAllocations(job)).map(({ ID }) => ID).sort(),
    ),
  );
const dropletsOf = async (cluster: string): Promise<string[]> => {
  const { droplets } = await (
    await account()
  ).get<{ droplets: { name: string }[] }>("/v2/droplets?per_page=200");
  return droplets.map(({ name }) => name).filter((name) => name.startsWith(`${cluster}-`));
};

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "examples-"));
  consumer = await packageConsumer({
    "monitoring-in-another-stack": await exampleFiles("monitoring-in-another-stack", ["index.ts"]),
    "cluster-only": await exampleFiles("cluster-only", ["index.ts"]),
  });
  [apiKey, token] = (await Promise.all(
    ["mackerelApiKey", "digitalocean:token"].map(async (key) => (await pulumi("config", "get", key)).trim()),
  )) as [string, string];
  before = await allocationsOfTheBlog();
});
afterAll(async () => {
  await consumer.remove();
  await rm(directory, { recursive: true });
  // Pulumi YAML keeps the schema that it read beside the package's folder.
  await rm(path.join(root, "schema-nomad-digitalocean.json"), { force: true });
});

/** Runs an example's agent on the sandbox's cluster, and takes it away again. */
async function expectAgentOnEveryNode(project: string, job: string, configuration: Record<string, string>) {
  const role = `blog:${job}`;
  const stack = await exampleStack({
    name: "team",
    directory: project,
    configuration: {
      platform: "organization/nomad-digitalocean/sandbox",
      mackerelApiUrl: (await status()).addresses.mackerel,
      ...configuration,
    },
    secrets: { mackerelApiKey: apiKey },
  });
  try {
    await stack.pulumi("up", "--yes", "--skip-preview");
    expect(await stack.outputs()).toEqual({ jobId: job });
    await eventually(120, async () => {
      const current = await status();
      const nodes = current.nodes.map(({ name }) => name).sort();
      expect((await runningAllocations(job)).map(({ NodeName }) => NodeName).sort()).toEqual(nodes);
      expect(current.jobs.find(({ id }) => id === job)?.type).toBe("system");
      expect(await hostsOf(role)).toHaveLength(nodes.length);
    });
    expect(await stack.pulumi("stack", "export")).not.toContain(apiKey);
    await stack.pulumi("preview", "--expect-no-changes");
  } finally {
    await stack.pulumi("destroy", "--yes", "--skip-preview");
  }
  expect((await status()).jobs.map(({ id }) => id)).not.toContain(job);
  await retireHosts(role, apiKey);
}

describe("the example", () => {
  test.concurrent(
    "monitoring-in-another-stack runs node_exporter on every node, in the team's namespace",
    async () => {
      const job = "node-exporter";
      await publishImage(await standInImages.nodeExporter.build(settings.cacheDir));
      const stack = await exampleStack({
        name: "team",
        directory: path.join(consumer.directory, "monitoring-in-another-stack"),
        configuration: { platform: "organization/nomad-digitalocean/sandbox" },
        secrets: {},
      });
      try {
        await stack.pulumi("up", "--yes", "--skip-preview");
        expect(await stack.outputs()).toEqual({ jobId: job });
        const { nodes } = await status();
        const instances = JSON.parse(
          await nomad("service", "info", "-namespace=monitoring", "-json", job),
        ) as { Address: string; Port: number }[];
        expect(instances.map(({ Address }) => Address).sort()).toEqual(
          nodes.map(({ privateIp }) => privateIp).sort(),
        );
        for (const { name, privateIp } of nodes) {
          const { Port } = instances.find(({ Address }) => Address === privateIp)!;
          const metrics = await onDroplet(
            nodes[0]!.name,
            "curl",
            "-sS",
            `http://${privateIp}:${Port}/metrics`,
          );
          expect(metrics).toContain(`nodename="${parseNodeName(name)!.dropletName}"`);
        }
        await stack.pulumi("preview", "--expect-no-changes");
      } finally {
        await stack.pulumi("destroy", "--yes", "--skip-preview");
      }
      expect((await status()).jobs.map(({ id }) => id)).not.toContain(job);
    },
  );

  test.concurrent("yaml does the same without TypeScript", async () => {
    const project = await readFile(path.join(root, "examples/yaml/Pulumi.yaml"), "utf8");
    const components = path.join(root, "components");
    await writeFile(path.join(directory, "Pulumi.yaml"), project.replace("../../components", components));
    await expectAgentOnEveryNode(directory, "yaml-mackerel", { role: "blog:yaml-mackerel" });
  });

  test.concurrent("cluster-only makes a locked cluster of one node", async () => {
    const stack = await exampleStack({
      name: "dev",
      directory: path.join(consumer.directory, "cluster-only"),
      configuration: {
        ...(await machineSettings("cluster.")),
        "cluster.serverCount": "1",
        "cluster.vpcIpRange": "10.106.0.0/20",
      },
      secrets: { "digitalocean:token": token },
    });
    try {
      await stack.pulumi("up", "--yes", "--skip-preview");
      const outputs = await stack.outputs<{
        address: string;
        caCertificate: string;
        managementToken: string;
        nodes: { name: string }[];
      }>();
      expect(await dropletsOf("nomad-dev")).toEqual(["nomad-dev-server-1"]);
      const nodes = await new NomadClient({ ...outputs, token: outputs.managementToken }).nodes();
      expect(nodes.map(({ Name, Status }) => [Name, Status])).toEqual([[outputs.nodes[0]?.name, "ready"]]);
      await expect(new NomadClient({ ...outputs }).nodes()).rejects.toThrow("403");
      await stack.pulumi("preview", "--expect-no-changes");
    } finally {
      await stack.pulumi("destroy", "--yes", "--skip-preview");
    }
    expect(await dropletsOf("nomad-dev")).toEqual([]);
  });

  test.concurrent("second-environment runs the whole blog on one node, and then on three", async () => {
    const role = "lorentzca:nomad-staging";
    const project = await mkdtemp(path.join(directory, "staging-"));
    await copyFile(path.join(root, "Pulumi.yaml"), path.join(project, "Pulumi.yaml"));
    const file = "Pulumi.staging.yaml";
    await copyFile(path.join(root, "examples/second-environment", file), path.join(project, file));
    const stack = await exampleStack({
      name: "staging",
      directory: project,
      program: root,
      configuration: {
        ...(await machineSettings()),
        mackerelApiUrl: (await status()).addresses.mackerel,
      },
      secrets: { "digitalocean:token": token, mackerelApiKey: apiKey },
    });
    try {
      await stack.pulumi("up", "--yes", "--skip-preview");
      const { blogAddresses } = await stack.outputs<{ blogAddresses: string[] }>();
      expect(blogAddresses).toHaveLength(1);
      expect(await dropletsOf("nomad-staging")).toEqual(["nomad-staging-server-1"]);
      await eventually(120, async () => {
        await expectFrontPage(blogAddresses);
        expect(await hostsOf(role)).toHaveLength(1);
      });
      await stack.pulumi("preview", "--expect-no-changes");

      const post = await publishPost(blogAddresses[0]!, "A post that outlives the only server");
      await stack.pulumi("config", "set", "serverCount", "3");
      await stack.pulumi("up", "--yes", "--skip-preview");
      const grown = await stack.outputs<{ blogAddresses: string[] }>();
      expect(grown.blogAddresses).toHaveLength(3);
      expect(grown.blogAddresses).toContain(blogAddresses[0]);
      await eventually(120, () => expectPost(grown.blogAddresses, post));
      await stack.pulumi("preview", "--expect-no-changes");
    } finally {
      await stack.pulumi("destroy", "--yes", "--skip-preview");
    }
    expect(await dropletsOf("nomad-staging")).toEqual([]);
    await retireHosts(role, apiKey);
  });

  test("leaves the jobs of the sandbox's stack alone, each of them", async () => {
    expect(await allocationsOfTheBlog()).toEqual(before);
    await expectFrontPage((await status()).addresses.blog);
  });
});
