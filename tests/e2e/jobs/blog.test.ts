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
/** The blog's own, at the load balancer. */
let addresses: readonly string[];
let post: Post;

/** Status that nginx on a node gives its own node, past the load balancer. */
const statusOn = (nodeName: string, path = "/") =>
  onDroplet(nodeName, "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", `http://127.0.0.1${path}`);

beforeAll(async () => {
  first = await status();
  addresses = first.addresses.blog;
  post = await publishPost(addresses[0]!, "A post that stays", await blogOwner());
});

describe("the blog that `npm start` made", () => {
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
    expect(first.blog).toMatchObject(addresses.map((address) => ({ address, httpStatus: 200 })));
    const summary = await sandbox("status");
    for (const address of addresses) expect(summary).toContain(`${address} HTTP 200`);
  });
});

describe("a part of the blog that is killed", () => {
  test("ghost: readers get the holding page, then the blog again within 30 s", async () => {
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
    const { name } = first.nodes[1]!;
    const startedBefore = await taskStarts("nginx");
    const containers = await containersOf(name, "nginx");
    const others = first.nodes.filter((node) => node.name !== name);
    // Ghost redirects those who come by http: to nginx on their own node they are no readers of the load balancer.
    const read = async () => {
      for (const other of others) expect(await statusOn(other.name)).toBe("301");
    };
    const { passed, failures } = await readDuring(read, async () => {
      await onDroplet(name, "docker", "kill", ...containers);
      await eventually(60, async () => {
        const started = (await taskStarts("nginx")).filter((time) => !startedBefore.includes(time));
        expect(started).toHaveLength(1);
        expect(await statusOn(name, "/nginx-health")).toBe("200");
      });
    });
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(0);
    await eventually(60, () => expectFrontPage(addresses));
  });
});

describe("a post made through ghost's Admin API", () => {
  test("can be read", async () => {
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

    await owner.act(droplet, { type: "power_off" });
    await owner.act(volumeActions, { type: "detach", droplet_id: id });
    // The load balancer finds out first that the node is away.
    await eventually(60, () => expectHoldingPage(addresses));

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
