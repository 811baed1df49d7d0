import { describe, expect, test } from "vitest";
import { mackerelAgent } from "../../../../components/index.ts";
import type { MackerelAgentArgs } from "../../../../components/index.ts";
import { validateMackerelAgent } from "../../../../components/jobs/monitoring/presets/mackerel-agent.ts";

const least: MackerelAgentArgs = { roles: ["blog:nomad-cluster"] };
const configuration = (args: Partial<MackerelAgentArgs>) =>
  mackerelAgent({ ...least, ...args }).files![0]!.text;
const paths = (args: Partial<MackerelAgentArgs>) =>
  validateMackerelAgent({ ...least, ...args }).issues.map(({ propertyPath }) => propertyPath);

describe("the Mackerel agent", () => {
  test("has no more than its own tables unless more is asked for", () => {
    expect(configuration({}).match(/^\[.*\]$/gm)).toEqual([
      "[host_status]",
      "[filesystems]",
      "[plugin.metadata.nomad-digitalocean]",
    ]);
    expect(mackerelAgent(least)).not.toHaveProperty("hostVolumes");
  });

  test("runs plugins and checks, and takes further tables after its own", () => {
    const text = configuration({
      plugins: { nginx: { command: ["mackerel-plugin-nginx", "-port", "81"], timeout: 10 } },
      checks: {
        ghost: {
          ...{ command: ["check-http", "-u", "http://127.0.0.1"], environment: { LANG: "C" } },
          ...{ interval: 5, maxCheckAttempts: 3, notificationInterval: 60 },
        },
      },
      extraConfiguration: '# mine\n[plugin.metrics.mine]\ncommand = "mine"\n',
    });
    expect(text.slice(text.indexOf("[plugin.metrics.nginx]"))).toBe(
      [
        "[plugin.metrics.nginx]",
        'command = ["mackerel-plugin-nginx","-port","81"]',
        "timeout_seconds = 10",
        "",
        "[plugin.checks.ghost]",
        'command = ["check-http","-u","http://127.0.0.1"]',
        'env = { "LANG" = "C" }',
        "check_interval = 5",
        "max_check_attempts = 3",
        "notification_interval = 60",
        "",
        "# mine",
        "[plugin.metrics.mine]",
        'command = "mine"',
        "",
      ].join("\n"),
    );
  });

  test("sees the node's file systems by its root, to be read", () => {
    expect(mackerelAgent({ ...least, fileSystems: true }).hostVolumes).toEqual([
      { source: "host-root", path: "/", destination: "/rootfs" },
    ]);
  });

  test("names all that is wrong together", () => {
    expect(
      paths({
        plugins: { "a.b": { command: ["x"] }, none: { command: [], timeout: 0 } },
        checks: { one: { command: [" "], interval: 61, maxCheckAttempts: 11, notificationInterval: 5 } },
        extraConfiguration: "# a key of no table\nverbose = true\n[plugin.metrics.mine]",
      }),
    ).toEqual([
      ...["plugins.a.b", "plugins.none.command", "plugins.none.timeout", "checks.one.command"],
      ...["checks.one.interval", "checks.one.maxCheckAttempts", "checks.one.notificationInterval"],
      "extraConfiguration",
    ]);
  });
});
