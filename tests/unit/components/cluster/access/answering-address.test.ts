import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answeringAddress,
  chooseAddress,
  firstAnswering,
} from "../../../../../components/cluster/access/answering-address.ts";
import { freePort } from "../../../../support/nomad/dev-agent.ts";
import { previewOutputs, settled } from "../../../../support/pulumi/preview-outputs.ts";

describe("the address that is called", () => {
  test.each([
    ["the first of all that answer", ["a", "b", "c"], ["a", "b", "c"], "a"],
    ["the next one while the first is away", ["a", "b", "c"], ["c", "b"], "b"],
    ["the last one if only that answers", ["a", "b", "c"], ["c"], "c"],
    ["the first one if none answers", ["a", "b", "c"], [], "a"],
  ])("is %s", async (_, addresses, answering, expected) => {
    expect(await firstAnswering(addresses, (address) => Promise.resolve(answering.includes(address)))).toBe(
      expected,
    );
  });

  test("is the only one there is, which is not asked", async () => {
    const answers = () => Promise.reject(new Error("was asked"));
    expect(await firstAnswering(["a"], answers)).toBe("a");
  });

  test("is not waited for longer than the first answer takes", async () => {
    const answers = (address: string) =>
      address === "a" ? Promise.resolve(true) : new Promise<boolean>(() => {});
    expect(await firstAnswering(["a", "b"], answers)).toBe("a");
  });
});

describe("a connection with several addresses", () => {
  /** What it answers as the leader's address; undefined is a 500, Nomad's answer without a leader. */
  const server = async (leader: string | undefined) => {
    const listening = createServer((request, response) => {
      requests.push(request.url ?? "");
      response.writeHead(leader === undefined ? 500 : 200).end(JSON.stringify(leader ?? "No cluster leader"));
    });
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    servers.push(listening);
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  };
  const servers: Server[] = [];
  const requests: string[] = [];
  let [away, leaderless, unelected, serving] = ["", "", "", ""];
  beforeAll(async () => {
    away = `http://127.0.0.1:${await freePort()}`;
    [leaderless, unelected, serving] = [
      await server(undefined),
      await server(""),
      await server("127.0.0.1:4647"),
    ];
  });
  afterAll(() => servers.forEach((one) => one.close()));

  test("is called at a server that has a leader", async () => {
    const addresses = [away, leaderless, unelected, serving];
    expect(await chooseAddress({ address: away, addresses, caCertificate: "" })).toBe(serving);
    const asked = requests.length;
    expect(await chooseAddress({ address: away, addresses, caCertificate: "" })).toBe(serving);
    expect(requests).toEqual(Array(asked).fill("/v1/status/leader"));
  });

  test("keeps its address where no server has a leader", async () => {
    const addresses = [leaderless, away];
    expect(await chooseAddress({ address: leaderless, addresses, caCertificate: "" })).toBe(leaderless);
  });

  test("names the address that is no URL", () => {
    const api = {
      address: "https://192.0.2.1:4646",
      addresses: [serving, "192.0.2.2:4646"],
      caCertificate: "",
    };
    expect(() => chooseAddress(api)).toThrow(
      /connection\.addresses\[1\]: "192\.0\.2\.2:4646" is not an http/,
    );
  });

  test("is previewed at its address while the others or the authority are unknown", async () => {
    const { known, unknown } = await previewOutputs();
    const chosen = (addresses: pulumi.Input<string>[], caCertificate: pulumi.Input<string>) =>
      settled(answeringAddress({ address: known.apply(() => away), addresses, caCertificate }));
    expect(await chosen([away, unknown], "")).toBe(away);
    expect(await chosen([away, serving], unknown)).toBe(away);
    expect(await chosen([away, serving], "")).toBe(serving);
  });

  test("is public though it came out of a secret", async () => {
    const address = pulumi.secret(serving);
    expect(await pulumi.isSecret(answeringAddress({ address, caCertificate: pulumi.secret("") }))).toBe(
      false,
    );
  });
});
