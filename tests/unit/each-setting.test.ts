import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../config.ts";
import { readSettings } from "../../read-settings.ts";
import { settingGroups, settings } from "../../settings.ts";
import type { Setting, SettingType } from "../../settings.ts";
import { configurationOf } from "../support/pulumi/configuration.ts";

const enough = { operatorCidrs: ["192.0.2.7/32"], mackerelApiKey: "KEY" };

/** What a setting's example needs beside it. */
const company: Readonly<Record<string, object>> = {
  nomadVersion: { nomadSha256: "a".repeat(64) },
  loadBalancerCertificate: { blogUrl: "https://blog.example.com" },
  nginxTlsCertificate: { loadBalancer: false },
  nginxTlsPrivateKey: { loadBalancer: false },
  dnsZone: { domain: "blog.example.com" },
  createDnsZone: { domain: "blog.example.com" },
  nginxCount: { nginxType: "service" },
  mackerelFileSystems: { hostVolumes: [{ name: "host-root", path: "/", readOnly: true }] },
  teams: { namespaces: ["shop"] },
};

/** Texts in which only an account, a server or nginx can find a mistake. */
const anyText = [
  ...["snapshotDirectory", "loadBalancerCertificate", "ghostDatabaseHost", "ghostDatabaseUser"],
  ...["ghostDatabaseName", "ghostMailHost", "ghostMailUser", "ghostMailFrom", "ghostMailgunDomain"],
  ...["ghostOwnerName", "ghostOwnerBlogTitle", "rebuild"],
];

/** Values that no setting of a type takes, as `pulumi config set` takes them. */
const wrong: Record<SettingType, readonly unknown[]> = {
  string: ["", "no { good text"],
  integer: ["many", "3 nodes", "0.5", -1],
  boolean: ["perhaps", "1", ""],
  "string[]": ["", "one, two", { a: "b" }, [{ a: "b" }]],
  "object[]": ["", "one, two", ["one"]],
  texts: ["", "a=b", ["a=b"], { a: { b: "c" } }],
};

const valueOf = (setting: Setting) => (setting.type === "boolean" ? true : setting.example);

/** The setting at its example, with those that it cannot be without. */
function withExample(setting: Setting): Record<string, unknown> {
  const group = settingGroups.find((prefix) => setting.path.startsWith(`${prefix}.`));
  const others = settings.filter(({ path, required }) => required && group && path.startsWith(`${group}.`));
  const examples = [...others, setting].map((one) => [one.key, valueOf(one)]);
  return { ...enough, ...company[setting.key], ...Object.fromEntries(examples) } as Record<string, unknown>;
}

function problemsOf(values: Record<string, unknown>): string {
  try {
    loadSettings(configurationOf(values), "sgp1");
    return "";
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
}

const at = (values: object, path: string) =>
  path.split(".").reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], values);

describe.each(settings.map((setting) => [setting.key, setting] as const))(
  "the setting %s",
  (key, setting) => {
    test("takes its example, which is not its default", () => {
      const values = withExample(setting);
      expect(problemsOf(values)).toBe("");
      expect(setting.default).not.toEqual({ value: setting.example });
      const read = at(readSettings(configurationOf(values), "sgp1").values, setting.path);
      if (setting.secret) expect(pulumi.Output.isInstance(read)).toBe(true);
      else expect(read).toEqual(valueOf(setting));
    });

    const others = anyText.includes(key) || setting.secret ? [""] : wrong[setting.type];
    test.each(others)("refuses %j and says so by its name, the value and what to do", (value) => {
      const lines = problemsOf({ ...withExample(setting), [key]: value }).split("\n");
      const own = lines.filter((line) => line.startsWith(`  nomad-digitalocean:${key}`));
      expect(own, lines.join("\n")).toHaveLength(1);
      expect(own[0]!.length).toBeGreaterThan(key.length + 30);
      // Directives of nginx can be long, so those are described.
      if (value !== "" && key !== "nginxServerText")
        expect(own[0]).toContain(typeof value === "object" ? JSON.stringify(value) : value);
    });
  },
);
