import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../config.ts";
import type { ConfigurationSource } from "../../config.ts";

function source(values: Record<string, unknown>): ConfigurationSource {
  const get = <Value>(key: string) => values[key] as Value | undefined;
  return {
    name: "nomad-digitalocean",
    get,
    getBoolean: get<boolean>,
    getNumber: get<number>,
    getObject: get,
    getSecret: <Value extends string>(key: string) =>
      values[key] === undefined ? undefined : (pulumi.secret(values[key]) as pulumi.Output<Value>),
  };
}

const enough = { operatorCidrs: ["192.0.2.7/32"], mackerelApiKey: "key" };

describe("a stack's configuration", () => {
  test("needs the operators' addresses and the API key", () => {
    const settings = loadSettings(source(enough), "sgp1");
    expect(settings.cluster).toEqual({ clusterName: "nomad-sgp1", operatorCidrs: ["192.0.2.7/32"] });
    expect(settings.mackerel).toEqual({ roles: ["lorentzca:nomad-cluster"] });
  });

  test("names every wrong value in one error, under the name that `pulumi config` knows", () => {
    const wrong = {
      operatorCidrs: ["0.0.0.0/0"],
      serverCount: 2,
      mackerelRoles: ["nomad"],
      nomadVersion: "1.11.3",
    };
    let message = "";
    try {
      loadSettings(source(wrong), "sgp1");
    } catch (error) {
      expect(pulumi.RunError.isInstance(error)).toBe(true);
      message = (error as Error).message;
    }
    expect([...message.matchAll(/^ {2}nomad-digitalocean:(\S+):/gm)].map((match) => match[1])).toEqual([
      "mackerelApiKey",
      "serverCount",
      "operatorCidrs[0]",
      "nomadSha256",
      "mackerelRoles[0]",
    ]);
  });

  test("tells a list from a text", () => {
    expect(() => loadSettings(source({ ...enough, sshKeys: "12345" }), "sgp1")).toThrow(
      "sshKeys: is not a list",
    );
  });
});
