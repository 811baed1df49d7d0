import { expect, it } from "vitest";
import { answerOf } from "../../bench/growth/nomad-answers.ts";
import type { SimulatedNode, SimulatedState } from "../../bench/growth/nomad-answers.ts";

const node = (name: string, isServer: boolean): SimulatedNode => ({
  id: `id-of-${name}`,
  name,
  address: "127.0.0.2",
  isServer,
  meta: { slot: name },
});
const cluster = (): SimulatedState => ({
  nodes: [node("server-1", true), node("client-1", false)],
  gossipKey: "key",
  managementToken: undefined,
});
const ask = (state: SimulatedState, path: string, token = "secret", method = "GET", content = {}) =>
  answerOf(state, { method, path, token, content });

it("is new until its ACLs are bootstrapped, once, and then knows only that token", () => {
  const state = cluster();
  expect(ask(state, "/v1/acl/token/self").status).toBe(403);
  const bootstrap = () => ask(state, "/v1/acl/bootstrap", "", "POST", { BootstrapSecret: "secret" }).status;
  expect([bootstrap(), bootstrap()]).toEqual([200, 400]);
  expect(ask(state, "/v1/acl/token/self").status).toBe(200);
  expect(ask(state, "/v1/nodes", "another").status).toBe(403);
});

it("counts only servers as peers, and every node as ready with what its user-data says", () => {
  const state = { ...cluster(), managementToken: "secret" };
  expect(ask(state, "/v1/status/peers", "").content).toEqual(["127.0.0.2:4647"]);
  expect(ask(state, "/v1/nodes").content).toMatchObject([
    { Name: "server-1", Status: "ready" },
    { Name: "client-1" },
  ]);
  expect(ask(state, "/v1/node/id-of-client-1").content).toMatchObject({ Meta: { slot: "client-1" } });
  expect(ask(state, "/v1/node/another").status).toBe(404);
});

it("answers nothing that it does not simulate", () => {
  expect(ask({ ...cluster(), managementToken: "secret" }, "/v1/volumes").status).toBe(404);
});
