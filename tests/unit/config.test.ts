import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { loadSettings, settingName } from "../../config.ts";
import { configurationOf } from "../support/pulumi/configuration.ts";

const source = configurationOf;

const enough = { operatorCidrs: ["192.0.2.7/32"], mackerelApiKey: "key" };

describe("a stack's configuration", () => {
  test("needs the operators' addresses and the API key", () => {
    const settings = loadSettings(source(enough), "sgp1");
    expect(settings.cluster).toEqual({ clusterName: "nomad-sgp1", operatorCidrs: ["192.0.2.7/32"] });
    expect(settings.monitoring.agent!.files![0]!.text).toContain('roles = ["lorentzca:nomad-cluster"]');
    expect([settings.url, settings.ghost, settings.nginx]).toEqual([undefined, {}, {}]);
  });

  test("names every wrong value in one error, under the name that `pulumi config` knows", () => {
    const wrong = {
      operatorCidrs: ["0.0.0.0/0"],
      serverCount: 2,
      mackerelRoles: ["nomad"],
      nomadVersion: "1.11.3",
      blogUrl: "https://blog.example.com",
      blogContentSize: 0,
      ghostImage: "ghost",
      ghostDatabaseHost: "db.example.com",
      nginxType: "batch",
    };
    let message = "";
    try {
      loadSettings(source(wrong), "sgp1");
    } catch (error) {
      expect(pulumi.RunError.isInstance(error)).toBe(true);
      message = (error as Error).message;
    }
    expect([...message.matchAll(/^ {2}nomad-digitalocean:(\S+):/gm)].map((match) => match[1])).toEqual([
      "ghostDatabasePassword",
      "mackerelApiKey",
      "serverCount",
      "operatorCidrs[0]",
      "nomadSha256",
      "blogContentSize",
      "ghostImage",
      "ghostDatabaseUser",
      "ghostDatabaseName",
      "nginxType",
      "blogUrl",
      "mackerelRoles[0]",
    ]);
  });

  test.each([
    ["ghostmemory", "did you mean ghostMemory?"],
    ["ghostMemroy", "did you mean ghostMemory?"],
    ["sshKey", "did you mean sshKeys?"],
    ["contentSlot", "did you mean blogContentSlot?"],
    ["colour", "docs/settings.md lists all."],
  ])("knows no key %s: %s", (key, advice) => {
    const keys = [
      `nomad-digitalocean:${key}`,
      "nomad-digitalocean:ghostMemory",
      "digitalocean:token",
      "other:colour",
    ];
    expect(() => loadSettings(source(enough), "sgp1", keys)).toThrow(
      new RegExp(
        `:\\n  nomad-digitalocean:${key}: is not a setting; ${advice.replaceAll("?", "\\?")} \`pulumi config rm ${key}\` removes it$`,
      ),
    );
  });

  test("retires the hosts of gone droplets unless told not to", () => {
    const retires = (values: object) =>
      loadSettings(source({ ...enough, ...values }), "sgp1").monitoring.retireHosts;
    expect([retires({}), retires({ mackerelRetireHosts: false })]).toEqual([undefined, false]);
  });

  test("asks for the other half of a certificate and key", () => {
    expect(() => loadSettings(source({ ...enough, nginxTlsCertificate: "PEM" }), "sgp1")).toThrow(
      "nomad-digitalocean:nginxTlsPrivateKey: is missing",
    );
  });

  test("takes a complete database, mail server and certificate", () => {
    const settings = loadSettings(
      source({
        ...enough,
        blogUrl: "https://blog.example.com",
        ...{
          ghostDatabaseHost: "db",
          ghostDatabaseUser: "u",
          ghostDatabaseName: "n",
          ghostDatabasePassword: "p",
        },
        ...{
          ghostMailHost: "smtp",
          ghostMailUser: "u",
          ghostMailFrom: "a@b.example",
          ghostMailPassword: "p",
        },
        ...{ loadBalancer: false, nginxTlsCertificate: "PEM", nginxTlsPrivateKey: "PEM" },
      }),
      "sgp1",
    );
    expect(settings.ghost?.database).toMatchObject({ host: "db", user: "u", name: "n" });
    expect(settings.ghost?.mail).toMatchObject({ host: "smtp", user: "u", from: "a@b.example" });
    expect(Object.keys(settings.nginx!.tls!)).toEqual(["certificate", "privateKey"]);
  });

  test("takes Ghost's own variables as texts, of which `pulumi config set --path` makes numbers and truth values", () => {
    const given = { imageOptimization__resize: false, portal__limit: 7, logging__level: "info" };
    const { ghost } = loadSettings(source({ ...enough, ghostEnvironment: given }), "sgp1");
    expect(ghost?.environment).toEqual({
      imageOptimization__resize: "false",
      portal__limit: "7",
      logging__level: "info",
    });
  });

  test.each([["a=b"], [["a"]], [{ a: { b: "c" } }]])("takes no other variables of Ghost's: %j", (given) => {
    expect(() => loadSettings(source({ ...enough, ghostEnvironment: given }), "sgp1")).toThrow(
      /ghostEnvironment: ".*" is not made of texts by name; `pulumi config set --path ghostEnvironment\.\w+ false` sets one$/,
    );
  });

  test("names the variable of Ghost's that the program sets itself", () => {
    const given = { url: "https://blog.example.com" };
    expect(() => loadSettings(source({ ...enough, ghostEnvironment: given }), "sgp1")).toThrow(
      "nomad-digitalocean:ghostEnvironment.url: is set by the program itself",
    );
  });

  test("names a number that is none with all that is wrong beside it", () => {
    const values = source({ ...enough, serverCount: "three", mackerelRoles: ["nomad"] });
    expect(() => loadSettings(values, "sgp1")).toThrow(
      /serverCount: "three" is not a whole number; `pulumi config set serverCount 5` sets one\n[^]*mackerelRoles\[0\]/,
    );
  });

  test("says of a setting that has no use alone which ones it needs", () => {
    expect(() => loadSettings(source({ ...enough, ghostMailPort: 2587 }), "sgp1")).toThrow(
      "nomad-digitalocean:ghostMailPort: has no use without ghostMailHost, ghostMailUser, ghostMailPassword, ghostMailFrom; set them too",
    );
  });

  test("says how to set a list of objects", () => {
    expect(() => loadSettings(source({ ...enough, hostVolumes: "logs" }), "sgp1")).toThrow(
      "hostVolumes: \"logs\" is not a list of objects; `pulumi config set --path 'hostVolumes[0].name' logs` sets one",
    );
  });

  test.each([
    ["nginx.tls.certificate", "project:nginxTlsCertificate"],
    ["cluster.operatorCidrs[1]", "project:operatorCidrs[1]"],
    ["cluster.hostVolumes[0].path", "project:hostVolumes[0].path"],
    ["url", "project:blogUrl"],
    ["monitoring.agent.roles[0]", "project:mackerelRoles[0]"],
    ["cluster.publicPorts[0]", "cluster.publicPorts[0]"],
  ])("knows the setting of %s", (propertyPath, name) => {
    expect(settingName("project", propertyPath)).toBe(name);
  });

  test("tells a list from a text", () => {
    expect(() => loadSettings(source({ ...enough, sshKeys: "12345" }), "sgp1")).toThrow(
      "sshKeys: \"12345\" is not a list of texts; `pulumi config set --path 'sshKeys[0]' 512190` sets one",
    );
  });
});
