import type { PolicyResource } from "@pulumi/policy";
import { describe, expect, test } from "vitest";
import { clustersOf } from "../../../policies/cluster.ts";

function resource(type: string, name: string, extra: Partial<PolicyResource> = {}): PolicyResource {
  return {
    type,
    name,
    props: {},
    urn: `urn:pulumi:test::test::${type}::${name}`,
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
    ...extra,
  };
}

const cluster = (name: string) => resource("nomad-digitalocean:index:NomadCluster", name);
const droplet = (parent: PolicyResource, name: string, extra: Partial<PolicyResource> = {}) =>
  resource("digitalocean:index/droplet:Droplet", `${name}-droplet`, {
    props: { name, size: "s-2vcpu-4gb" },
    parent: resource("nomad-digitalocean:index:ClusterNode", name, { parent }),
    ...extra,
  });

describe("the clusters of a stack", () => {
  test("are the droplets of their nodes, in the order of their names, and no other droplet", () => {
    const [blog, shop] = [cluster("blog"), cluster("shop")];
    const resources = [
      droplet(blog, "blog-server-2"),
      droplet(blog, "blog-server-1"),
      droplet(shop, "shop-client-1"),
      resource("digitalocean:index/droplet:Droplet", "other", { props: { name: "other", size: "c-2" } }),
    ];
    const names = [...clustersOf(resources).values()].map((nodes) => nodes.map(({ name }) => name));
    expect(names).toEqual([["blog-server-1", "blog-server-2"], ["shop-client-1"]]);
  });

  test("know which node has which volume, by the name that jobs use", () => {
    const volume = resource("digitalocean:index/volume:Volume", "content", {
      props: { name: "blog-eu-blog-content" },
    });
    const [[node] = []] = clustersOf([
      droplet(cluster("blog-eu"), "blog-eu-server-1", { propertyDependencies: { volumeIds: [volume] } }),
    ]).values();
    expect(node?.volumes).toEqual(["blog-content"]);
  });

  test("cannot be told while the provider is not known: reading it is Pulumi's way to say so", () => {
    const unknown = new Proxy({ token: "" }, { get: () => expect.fail("unknown") });
    const provider = { type: "pulumi:providers:digitalocean", name: "p", urn: "p", props: unknown };
    expect(() => clustersOf([droplet(cluster("blog"), "blog-server-1", { props: {}, provider })])).toThrow(
      "unknown",
    );
  });
});
