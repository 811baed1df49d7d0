import { beforeAll, describe, expect, test } from "vitest";
import { dropletIdOf } from "../../support/droplet-id.ts";
import { dockerImages, servedImage } from "../../../sandbox/images/official-image.ts";
import { standInImages } from "../../../sandbox/offline/images.ts";
import { account } from "../../support/account.ts";
import {
  expectFrontPage,
  expectHoldingPage,
  expectPost,
  page,
  publishPost,
  readDuring,
} from "../../support/blog/blog.ts";
import type { Post } from "../../support/blog/blog.ts";
import { everythingIsBack } from "../../support/blog/everything-is-back.ts";
import { outsideHost } from "../../support/outside-host.ts";
import { plannedChanges } from "../../support/pulumi/planned-changes.ts";
import { publishImage } from "../../support/publish-image.ts";
import {
  allocationIds,
  blogOwner,
  containersOf,
  ghostNode,
  eventually,
  nomad,
  onDroplet,
  pulumi,
  sandbox,
  setConfig,
  settings,
  status,
  taskStarts,
  up,
} from "../../support/sandbox.ts";
import { jobOf, nodeNames, runningNodes } from "../../support/status.ts";
import type { Status } from "../../support/status.ts";

// One blog goes through its life here, so the order of the tests matters.

let first: Status;
/** One a reserved address. */
let addresses: readonly string[];
let post: Post;

beforeAll(async () => {
  first = await status();
  addresses = first.addresses.blog;
  post = await publishPost(addresses[0]!, "A post that stays", await blogOwner());
});

describe("the blog that `npm start` made", () => {
  test("answers with ghost's front page at each of the three reserved addresses", async () => {
    expect(addresses).toEqual(first.nodes.map(({ reservedIp }) => `http://${reservedIp}`));
    expect(addresses).toHaveLength(3);
    await expectFrontPage(addresses);
  });

  test("is three running jobs: ghost, and mackerel and nginx with one allocation a node", () => {
    expect(jobOf(first, "ghost")).toMatchObject({ type: "service", priority: 70, status: "running" });
    expect(jobOf(first, "mackerel")).toMatchObject({ type: "system", priority: 50, status: "running" });
    expect(jobOf(first, "nginx")).toMatchObject({ type: "system", priority: 80, status: "running" });
    expect(runningNodes(first, "ghost")).toHaveLength(1);
    for (const job of ["mackerel", "nginx"]) {
      expect(jobOf(first, job)?.allocations).toHaveLength(3);
      expect(runningNodes(first, job)).toEqual(nodeNames(first));
    }
  });

  test("is in the summary with its addresses and what they answer", async () => {
    expect(first.blog).toEqual(addresses.map((address) => ({ address, httpStatus: 200 })));
    const summary = await sandbox("status");
    for (const address of addresses) expect(summary).toContain(`${address} HTTP 200`);
  });

  test("is open to everybody through nginx, and to nobody past it", async () => {
    const [service] = JSON.parse(await nomad("service", "info", "-json", "ghost")) as { Port: number }[];
    const emulator = new URL(first.addresses.digitalocean);
    const outside = await outsideHost(`${emulator.hostname.replace(/\.\d+$/, ".251")}/23`);
    try {
      for (const { publicIp, reservedIp } of first.nodes)
        for (const address of [publicIp, reservedIp!]) {
          expect(await outside.connect(address, 80)).toBe(0);
          expect(await outside.connect(address, service!.Port)).not.toBe(0);
        }
    } finally {
      await outside.remove();
    }
  });

  test("says nothing of its versions in its headers, and has a health page of nginx's own", async () => {
    for (const address of addresses) {
      const { headers } = await page(address);
      expect(headers.get("server")).toBe("nginx");
      expect(headers.get("x-powered-by")).toBeNull();
      expect((await page(address, "/nginx-health")).status).toBe(200);
    }
  });
});

describe("a part of the blog that is killed", () => {
  test("ghost: every address gives the holding page, then the blog again within 30 s", async () => {
    const node = await ghostNode();
    const containers = await containersOf(node, "ghost");
    const end = Date.now() + 30_000;
    const left = () => (end - Date.now()) / 1000;
    await onDroplet(node, "docker", "kill", ...containers);
    await eventually(left(), () => expectHoldingPage(addresses), 0.2);
    await eventually(left(), () => expectPost(addresses, post), 0.5);
    expect(await ghostNode()).toBe(node);
  });

  test("nginx on one node: the others answer all the while, and it comes back", async () => {
    const { name, reservedIp } = first.nodes[1]!;
    const own = `http://${reservedIp}`;
    const startedBefore = await taskStarts("nginx");
    const containers = await containersOf(name, "nginx");
    const others = addresses.filter((address) => address !== own);
    const { read, failures } = await readDuring(others, async () => {
      await onDroplet(name, "docker", "kill", ...containers);
      await eventually(60, async () => {
        const started = (await taskStarts("nginx")).filter((time) => !startedBefore.includes(time));
        expect(started).toHaveLength(1);
        await expectFrontPage([own]);
      });
    });
    expect(failures).toEqual([]);
    expect(read).toBeGreaterThan(0);
  });
});

describe("a post made through ghost's Admin API", () => {
  test("can be read at every address", async () => {
    await expectPost(addresses, post);
  });

  test("is there after ghost's job restarts", async () => {
    const before = await taskStarts("ghost");
    await nomad("job", "restart", "-yes", "ghost");
    // The nodes tell the servers a moment later.
    await eventually(30, async () => {
      const after = await taskStarts("ghost");
      expect(after).toHaveLength(1);
      expect(after).not.toEqual(before);
    });
    await everythingIsBack(addresses, post, 60);
  });

  test("is there after ghost's image changes", async () => {
    const { reference, build } = standInImages.previousGhost;
    const image = await servedImage(
      reference,
      () => build(settings.cacheDir),
      () => undefined,
      dockerImages(settings.cacheDir),
    );
    await publishImage(image);
    const before = await allocationIds("ghost");
    await setConfig("ghostImage", reference);
    await up();
    expect(await allocationIds("ghost")).not.toEqual(before);
    await everythingIsBack(addresses, post, 60);
    expect((await page(addresses[0]!)).text).toContain('content="Ghost 6.64"');
  });

  test("is there after ghost's node reboots", async () => {
    const node = await ghostNode();
    const booted = () => onDroplet(node, "ps", "-o", "lstart=", "-p", "1");
    const before = await booted();
    await (await account()).act(`/v2/droplets/${dropletIdOf(node)}/actions`, { type: "reboot" });
    expect(await booted()).not.toBe(before);
    await everythingIsBack(addresses, post, 180);
  });
});

describe("ghost's volume", () => {
  test("while it is not attached, ghost does not start, and with it the post is back", async () => {
    const node = await ghostNode();
    const id = dropletIdOf(node);
    const droplet = `/v2/droplets/${id}/actions`;
    const owner = await account();
    const { volumes } = await owner.get<{ volumes: { id: string; name: string; droplet_ids: number[] }[] }>(
      "/v2/volumes",
    );
    const volume = volumes.find(({ name }) => name.endsWith("-blog-content"));
    expect(volume?.droplet_ids).toEqual([id]);
    const volumeActions = `/v2/volumes/${volume!.id}/actions`;
    const others = first.nodes.filter(({ name }) => name !== node).map((one) => `http://${one.reservedIp}`);

    await owner.act(droplet, { type: "power_off" });
    await owner.act(volumeActions, { type: "detach", droplet_id: id });
    await eventually(30, () => expectHoldingPage(others));

    await owner.act(droplet, { type: "power_on" });
    await eventually(180, async () => {
      const current = await status();
      expect(current.nodes.find(({ name }) => name === node)?.nomadStatus).toBe("ready");
      // Nomad has placed on the node what it can, and says what ghost lacks.
      for (const job of ["mackerel", "nginx"]) expect(runningNodes(current, job)).toContain(node);
      expect(await nomad("job", "status", "ghost")).toContain("missing compatible host volumes");
      expect(jobOf(current, "ghost")?.allocations.filter(({ status }) => status !== "failed")).toEqual([]);
      await expectHoldingPage(addresses);
    });

    await owner.act(volumeActions, { type: "attach", droplet_id: id });
    await everythingIsBack(addresses, post, 180);
  });
});

describe("nginx", () => {
  interface Described {
    readonly type: string;
    readonly others: string[];
  }
  const described = async (): Promise<Described> => ({
    type: jobOf(await status(), "nginx")!.type,
    others: [...(await allocationIds("ghost")), ...(await allocationIds("mackerel"))],
  });

  /** Previews and runs the change; nothing but nginx's job is replaced. */
  async function change(type: string): Promise<void> {
    const before = await described();
    const changes = plannedChanges(await pulumi("preview", "--json", "--non-interactive"));
    const resources = changes.filter((one) => one.type === "nomad:index/job:Job");
    expect(resources.map(({ operation, name }) => [operation, name])).toEqual([
      ["replace", expect.stringContaining("nginx")],
    ]);
    // Beside it only the components around it have other arguments.
    expect(changes.filter((one) => !one.type.startsWith("nomad-digitalocean:"))).toEqual(resources);
    await up();
    expect(await described()).toEqual({ type, others: before.others });
  }

  test("becomes a service job with a count, and nothing else moves", async () => {
    await setConfig("nginxType", "service");
    await setConfig("nginxCount", "2");
    await change("service");
    expect(runningNodes(await status(), "nginx")).toHaveLength(2);
  });

  test("becomes a system job again, and nothing else moves", async () => {
    await pulumi("config", "rm", "nginxType");
    await pulumi("config", "rm", "nginxCount");
    await change("system");
    await everythingIsBack(addresses, post, 60);
    await pulumi("preview", "--expect-no-changes", "--non-interactive");
  });
});
