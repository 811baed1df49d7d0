import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { MackerelAlerts } from "../../../../components/index.ts";
import type { MackerelAlertsArgs } from "../../../../components/index.ts";
import { declaredMonitors } from "../../../../components/alerts/monitors.ts";
import { validateMackerelAlerts } from "../../../../components/alerts/validation.ts";
import { declared, isSecret, plain } from "../../../support/pulumi/mocked-program.ts";

const least: MackerelAlertsArgs = { apiKey: "key", fileSystems: {} };
const propertiesOf = (args: Partial<MackerelAlertsArgs>, key: string) =>
  declaredMonitors({ apiKey: "key", ...args }).find((one) => one.key === key)?.properties;

describe("the monitors of arguments", () => {
  test("are none that are not asked for", () => {
    expect(declaredMonitors({ apiKey: "key" })).toEqual([]);
  });

  test.each([
    [{ cpu: {} }, "cpu", { metric: "cpu%", operator: ">", warning: 80, critical: 95, duration: 3 }],
    [{ memory: { critical: 99 } }, "memory", { metric: "memory%", critical: 99, maxCheckAttempts: 1 }],
    [{ fileSystems: {} }, "file-systems", { metric: "filesystem%", warning: 80, critical: 90 }],
    [{ load: { warning: 4 } }, "load", { metric: "loadavg5", warning: 4 }],
    [
      { hostMetrics: { free: { metric: "memory.available", below: true, warning: 9 } } },
      "metric-free",
      { operator: "<" },
    ],
    [{ connectivity: {}, scopes: ["blog"] }, "connectivity", { type: "connectivity", scopes: ["blog"] }],
    [{ connectivity: { critical: false } }, "connectivity", { alertStatusOnGone: "WARNING" }],
    [
      { urls: { front: { url: "https://blog.example.com", contains: "Ghost" } } },
      "url-front",
      { type: "external", method: "GET", containsString: "Ghost", certificationExpirationWarning: 21 },
    ],
    [
      { serviceMetrics: { backup: { service: "blog", metric: "age", warning: 26, missingCritical: 60 } } },
      "service-backup",
      { type: "service", service: "blog", missingDurationCritical: 60 },
    ],
  ])("%o has %s", (args: Partial<MackerelAlertsArgs>, key, expected) => {
    expect(propertiesOf(args, key)).toMatchObject(expected);
  });

  test("keep to a limit that is given, without the other's default", () => {
    expect(propertiesOf({ memory: { critical: 99 } }, "memory")).not.toHaveProperty("warning");
  });
});

describe("wrong arguments", () => {
  test("are all named together", () => {
    const { issues } = validateMackerelAlerts({
      ...{ apiKey: "key", apiUrl: "api.mackerelio.com", scopes: ["blog:"], notificationInterval: 5 },
      cpu: { warning: 101 },
      memory: { warning: 90, critical: 80, duration: 11 },
      load: {},
      hostMetrics: { "Load 1": { metric: "a metric", warning: 1, maxCheckAttempts: 0 } },
      serviceMetrics: { backup: { service: "b", metric: "age", warning: 1, missingWarning: 15 } },
      urls: {
        front: { url: "blog.example.com", certificateWarning: 7, certificateCritical: 21, statusCode: 99 },
      },
      emails: { none: { addresses: [] }, one: { addresses: ["operators"] } },
      webhooks: { pager: { url: "hooks.example.com/secret" } },
      downtimes: { move: { start: "2026-12-01 03:00", duration: 0 } },
    });
    expect(issues.map(({ propertyPath }) => propertyPath)).toEqual([
      ...["apiUrl", "scopes[0]", "cpu.warning", "memory.critical", "memory.duration", "load"],
      ...["hostMetrics.Load 1", "hostMetrics.Load 1.metric", "hostMetrics.Load 1.maxCheckAttempts"],
      ...["serviceMetrics.backup.service", "serviceMetrics.backup.missingWarning"],
      ...["urls.front.url", "urls.front.statusCode", "urls.front.certificateCritical"],
      ...["emails.none.addresses", "emails.one.addresses[0]", "webhooks.pager.url"],
      ...["downtimes.move.start", "downtimes.move.duration", "notificationInterval"],
    ]);
    expect(JSON.stringify(issues)).not.toContain("secret");
  });

  test("nothing to monitor is an error", () => {
    expect(validateMackerelAlerts({ apiKey: "key" }).issues).toMatchObject([{ propertyPath: "fileSystems" }]);
    expect(validateMackerelAlerts(least).issues).toEqual([]);
  });

  test("a value that is wrong below is judged the other way round", () => {
    const limits = (warning: number, critical: number) =>
      validateMackerelAlerts({
        apiKey: "key",
        hostMetrics: { free: { metric: "memory.available", below: true, warning, critical } },
      }).issues;
    expect(limits(20, 10)).toEqual([]);
    expect(limits(10, 20)).toMatchObject([{ propertyPath: "hostMetrics.free.critical" }]);
  });
});

describe("the resources", () => {
  const of = (args: Partial<MackerelAlertsArgs>) =>
    declared(() => void new MackerelAlerts("blog", { ...least, ...args }));

  test("hold the API key and URLs of channels as secrets", async () => {
    const resources = await of({
      apiKey: pulumi.output("key"),
      webhooks: { pager: { url: "https://hooks.example.com" } },
      slacks: { team: { url: "https://hooks.slack.com/x", mentionOnCritical: "<!channel>" } },
    });
    const inputs = (name: string) => resources.find((one) => one.name === name)!.inputs;
    expect(isSecret(inputs("blog-mackerel")["apiKey"])).toBe(true);
    for (const name of ["blog-webhook-pager", "blog-slack-team"])
      expect(isSecret(inputs(name)["url"])).toBe(true);
    expect(plain(inputs("blog-slack-team")["mentions"])).toEqual({ critical: "<!channel>" });
  });

  test("have a notification group only with channels, which may keep alerts from the default group", async () => {
    const groupsOf = async (args: Partial<MackerelAlertsArgs>) =>
      (await of(args))
        .filter(({ type }) => type === "mackerel:index:NotificationGroup")
        .map(({ inputs }) => inputs);
    const emails = { operators: { addresses: ["a@example.com"] } };
    expect(await groupsOf({})).toEqual([]);
    expect(await groupsOf({ emails })).toMatchObject([
      { notificationLevel: "all", monitors: [{ skipDefault: false }] },
    ]);
    expect(await groupsOf({ emails, criticalOnly: true, defaultGroup: false })).toMatchObject([
      { notificationLevel: "critical", monitors: [{ skipDefault: true }] },
    ]);
  });
});
