import { describe, expect, test } from "vitest";
import { declaredMonitors } from "../../../../components/alerts/monitors.ts";
import { blogAlerts } from "../../../../components/blog/alerts.ts";
import { validateBlog } from "../../../../components/blog/validation.ts";
import { mackerelAgent, nodeExporterAgent } from "../../../../components/index.ts";
import type { BlogPlatformArgs, MackerelAlertSettings } from "../../../../components/index.ts";

const agent = mackerelAgent({ roles: ["blog:nomad-cluster"] });
const args = (alerts?: MackerelAlertSettings): BlogPlatformArgs => ({
  cluster: { operatorCidrs: ["192.0.2.7/32"] },
  monitoring: { agent, apiKey: "key", ...(alerts && { alerts }) },
});
const monitorsOf = (alerts?: MackerelAlertSettings) => {
  const settings = blogAlerts(args(alerts).monitoring, "https://blog.example.com");
  return (
    settings && Object.fromEntries(declaredMonitors(settings).map(({ key, properties }) => [key, properties]))
  );
};

describe("the alerts of a blog", () => {
  test("are none unless they are asked for", () => {
    expect(monitorsOf()).toBeUndefined();
  });

  test("watch memory, file systems, the agents and the blog's URL, on the agent's hosts", () => {
    expect(monitorsOf({})).toMatchObject({
      memory: { metric: "memory%", scopes: ["blog:nomad-cluster"], warning: 80 },
      "file-systems": { metric: "filesystem%", scopes: ["blog:nomad-cluster"] },
      connectivity: { scopes: ["blog:nomad-cluster"] },
      "url-blog": { url: "https://blog.example.com" },
    });
  });

  test("take other limits and more monitors", () => {
    const monitors = monitorsOf({
      ...{ memory: { critical: 95 }, load: { warning: 8 } },
      urls: { shop: { url: "https://shop.example.com" } },
    });
    expect(Object.keys(monitors!).sort()).toEqual(
      ["connectivity", "file-systems", "load", "memory", "url-blog", "url-shop"].sort(),
    );
    expect(monitors!["memory"]).toMatchObject({ critical: 95 });
    expect(monitors!["memory"]).not.toHaveProperty("warning");
  });

  test("that are wrong are named by their place in the blog's arguments", () => {
    const { issues } = validateBlog(
      "blog",
      args({ memory: { warning: 101 }, emails: { x: { addresses: [] } } }),
    );
    expect(issues.map(({ propertyPath }) => propertyPath)).toEqual([
      "monitoring.alerts.memory.warning",
      "monitoring.alerts.emails.x.addresses",
    ]);
  });

  test("of another agent are refused", () => {
    const cluster = { ...args().cluster, hostVolumes: [{ name: "host-root", path: "/", readOnly: true }] };
    const { issues } = validateBlog("blog", {
      cluster,
      monitoring: { agent: nodeExporterAgent(), alerts: {} },
    });
    expect(issues).toMatchObject([{ propertyPath: "monitoring.alerts" }]);
  });
});
