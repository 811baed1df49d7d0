import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { secretForms } from "../../../cli/report/secrets/secret-forms.ts";
import { standInImages } from "../../../sandbox/offline/images.ts";
import { setApiKeys } from "../../../emulators/mackerel/index.ts";
import { expectPost, publishPost } from "../../support/blog/blog.ts";
import { everyAgentReports, reportSeconds, secondsOf } from "../../support/agents-report.ts";
import { outsideHost } from "../../support/outside-host.ts";
import { publishImage } from "../../support/publish-image.ts";
import {
  blogOwner,
  blogUrl,
  eventually,
  names,
  nomad,
  onDroplet,
  pulumi,
  runningAllocations,
  sandbox,
  setConfig,
  settings,
  status,
  taskStarts,
  up,
} from "../../support/sandbox.ts";
import { jobOf, nodeNames } from "../../support/status.ts";
import type { Status } from "../../support/status.ts";

// One cluster goes through its life here, so the order of the tests matters.

const hostIds = (current: Status) => current.mackerel.hosts.map(({ id }) => id).sort();
interface NomadJob {
  Version: number;
  JobModifyIndex: number;
}
const jobVersion = async () => {
  const { Job } = JSON.parse(await nomad("job", "inspect", "mackerel")) as { Job: NomadJob };
  expect(Job.JobModifyIndex).toBeGreaterThan(0);
  return { Version: Job.Version, JobModifyIndex: Job.JobModifyIndex };
};

/** Puts the agent's image into the registry mirror under another tag. */
async function publishAgentImage(tag: string): Promise<void> {
  const image = await standInImages.mackerelAgent.build(settings.cacheDir);
  await publishImage(image, `mackerel/mackerel-agent:${tag}`);
}

async function apiKey(): Promise<string> {
  return (await pulumi("config", "get", "mackerelApiKey")).trim();
}

describe("a cluster that `npm start` made", () => {
  let first: Status;
  beforeAll(async () => {
    first = await everyAgentReports(3);
  });

  test("runs mackerel once on each of three ready nodes, as a system job of priority 50", () => {
    expect(jobOf(first, "mackerel")).toMatchObject({ type: "system", priority: 50, status: "running" });
    expect(new Set(first.nodes.map((node) => node.reservedIp)).size).toBe(3);
  });

  test("is seen by Mackerel under the nodes' names", () => {
    expect(first.mackerel.hosts.map((host) => host.name).sort()).toEqual(nodeNames(first));
  });

  test("has nothing left to change", async () => {
    await pulumi("preview", "--expect-no-changes", "--non-interactive");
    await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--non-interactive");
  });

  test("refuses a caller without a token", async () => {
    const answer = await onDroplet(first.nodes[0]!.name, "curl", "-sk", "https://127.0.0.1:4646/v1/jobs");
    expect(answer).toBe("Permission denied");
  });

  test("refuses a caller by plain HTTP", async () => {
    const answer = await fetch(first.addresses.nomad.replace("https", "http"));
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining("Client sent an HTTP request to an HTTPS server"),
    ]);
  });

  test("answers the world at its load balancer, and nobody outside the operators' addresses at any node", async () => {
    const emulator = new URL(first.addresses.digitalocean);
    const outside = await outsideHost(`${emulator.hostname.replace(/\.\d+$/, ".250")}/23`);
    try {
      const addresses = first.nodes.flatMap(({ publicIp, reservedIp }) => [publicIp, reservedIp!]);
      const [balancer] = await (await names())!.addressesOf(new URL(blogUrl).hostname);
      expect(await outside.openPorts([...addresses, balancer!])).toEqual({
        ...Object.fromEntries(addresses.map((address) => [address, []])),
        [balancer!]: [80, 443],
      });
    } finally {
      await outside.remove();
    }
  });

  test("has the API key nowhere but in encrypted state, the Variable and the secrets directories", async () => {
    const key = await apiKey();
    const places: Record<string, string> = {
      "the job": await nomad("job", "inspect", "mackerel"),
      "the preview": await pulumi("preview", "--diff", "--non-interactive"),
      "the stack's outputs": await pulumi("stack", "output", "--json"),
      "the plain state": await pulumi("stack", "export"),
    };
    const backend = path.join(settings.stateDir, "pulumi");
    for (const file of await readdir(backend, { recursive: true, withFileTypes: true }))
      if (file.isFile())
        places[`the state file ${file.name}`] = await readFile(path.join(file.parentPath, file.name), "utf8");
    for (const { name } of first.nodes) {
      places[`docker inspect on ${name}`] = await onDroplet(
        name,
        "sh",
        "-c",
        "docker inspect $(docker ps -aq)",
      );
      places[`the processes of ${name}`] = await onDroplet(name, "ps", "axww", "-o", "args");
      places[`the journal of ${name}`] = await onDroplet(name, "journalctl", "--no-pager");
    }
    for (const allocation of await runningAllocations("mackerel"))
      for (const stream of ["-stdout", "-stderr"])
        places[`the ${stream} of ${allocation.ID}`] = await nomad("alloc", "logs", stream, allocation.ID);

    const forms = secretForms(key);
    expect(
      Object.keys(places).filter((place) => forms.some((form) => places[place]!.includes(form))),
    ).toEqual([]);
    // The search finds the key where it has to be. Nomad may lose what a short command prints (seen).
    const [allocation] = await runningAllocations("mackerel");
    await eventually(30, async () => {
      const file = await nomad("alloc", "exec", allocation!.ID, "cat", "/secrets/mackerel-agent.conf");
      expect(file).toContain(key);
    });
  });
});

describe("a running agent", () => {
  test("is the same host to Mackerel after its job restarts", async () => {
    const before = await everyAgentReports(3);
    const startedBefore = await taskStarts("mackerel");
    await nomad("job", "restart", "-yes", "mackerel");
    // The nodes tell the servers a moment later.
    await eventually(30, async () => {
      const startedAfter = await taskStarts("mackerel");
      expect(startedAfter).toHaveLength(3);
      expect(startedAfter.filter((time) => startedBefore.includes(time))).toEqual([]);
    });
    expect(hostIds(await everyAgentReports(3))).toEqual(hostIds(before));
  });

  test("takes a rotated key, with no change of the job", async () => {
    const before = { version: await jobVersion(), hosts: hostIds(await status()) };
    const key = "rotated-key-0123456789";
    setApiKeys(path.join(settings.stateDir, "mackerel.sqlite"), [{ key, writes: true }]);
    await pulumi("config", "set", "--secret", "mackerelApiKey", key);
    await up();
    for (const allocation of await runningAllocations("mackerel"))
      await eventually(60, async () => {
        const file = await nomad("alloc", "exec", allocation.ID, "cat", "/secrets/mackerel-agent.conf");
        expect(file).toContain(key);
      });
    // The old key is refused by now, so a fresh metric came with the new one.
    const rotated = Date.now() / 1000;
    await eventually(reportSeconds, async () => {
      for (const host of (await status()).mackerel.hosts)
        expect(secondsOf(host.lastMetricAt)).toBeGreaterThan(rotated);
    });
    expect({ version: await jobVersion(), hosts: hostIds(await status()) }).toEqual(before);
  });

  test("is the same host to Mackerel after its image changes", async () => {
    const before = { hosts: hostIds(await status()), version: await jobVersion() };
    await publishAgentImage("0.87.0");
    await setConfig("mackerelImage", "mackerel/mackerel-agent:0.87.0");
    const preview = await pulumi("preview", "--diff", "--non-interactive");
    expect(preview).toMatch(/mackerel-agent:0\.87\.1.*=>.*mackerel-agent:0\.87\.0/);
    await up();
    expect(hostIds(await everyAgentReports(3))).toEqual(before.hosts);
    expect((await jobVersion()).Version).toBe(before.version.Version + 1);
  });
});

describe("the cluster's size", () => {
  test("grows by a client that gets the agent and nginx, with no change of the job and of the other nodes", async () => {
    const before = { version: await jobVersion(), nodes: (await status()).nodes.map(({ name }) => name) };
    await setConfig("clientCount", "1");
    await up();
    const after = await everyAgentReports(4);
    expect(after.nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(before.nodes));
    expect(await jobVersion()).toEqual(before.version);
  });
});

describe("the sandbox", () => {
  test("goes on after stop and start, with the same nodes, hosts and posts and nothing to change", async () => {
    const before = await status();
    const { blog } = before.addresses;
    const post = await publishPost(blog[0]!, "A post that outlives the sandbox", await blogOwner());
    await sandbox("stop");
    const summary = await sandbox("start");
    for (const address of blog) expect(summary).toContain(`${address} HTTP 200`);
    const command = /^ +(curl .*)$/m.exec(summary)![1]!;
    expect(command).toContain(`--resolve`);
    const { stdout } = await execa("bash", ["-c", command], { cwd: settings.root });
    expect(stdout).toContain('<meta name="generator" content="Ghost ');
    await expectPost(blog, post);
    const after = await everyAgentReports(4);
    expect(after.nodes).toEqual(before.nodes);
    expect(hostIds(after)).toEqual(hostIds(before));
    await pulumi("preview", "--expect-no-changes", "--non-interactive");
  });

  test("has no droplet, volume, address, firewall, load balancer, zone or VPC left after `pulumi destroy`", async () => {
    const { digitalocean } = (await status()).addresses;
    const token = (await pulumi("config", "get", "digitalocean:token")).trim();
    await pulumi("destroy", "--yes", "--skip-preview", "--non-interactive");
    const left = async (what: string) => {
      const response = await fetch(new URL(`/v2/${what}`, digitalocean), {
        headers: { authorization: `Bearer ${token}` },
      });
      return ((await response.json()) as { meta: { total: number } }).meta.total;
    };
    const machines = ["droplets", "volumes", "reserved_ips", "firewalls", "tags"];
    for (const kind of [...machines, "load_balancers", "domains", "certificates"])
      expect([kind, await left(kind)]).toEqual([kind, 0]);
    // The region's default VPC belongs to the account.
    expect(await left("vpcs")).toBe(1);
  });
});
