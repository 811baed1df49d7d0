import { expect, test } from "vitest";
import { storedOnlyHypervisor } from "../../../index.ts";
import type { Hypervisor } from "../../../index.ts";
import { edgeTests, shortDelays } from "../../edges.ts";
import { balancerFields as fields, httpRule as http, loadBalancerTests } from "../../load-balancers.ts";
import { eventually, startEmulator } from "../../support.ts";

// Edges of load balancers, as the README's table has them, and what happens when they cannot run.

const tools = edgeTests();
const { emulator, start, switchEdges, get, create, asked } = tools;
const { active, balancerOf, make, running, settled } = loadBalancerTests(tools);
const withoutFeatures = (): Hypervisor => ({ ...storedOnlyHypervisor(), features: [] });

test("busyLoadBalancer: what works on a change refuses the next one with 403", async () => {
  await start({ delays: { ...shortDelays, loadBalancer: 600_000 } });
  const { id } = await make();
  const path = `/v2/load_balancers/${id}`;
  const refusal = "403 Load Balancer can't be updated while it processes previous actions";
  expect(await asked("PUT", path, fields)).toBe(refusal);
  expect(
    await asked("POST", `${path}/forwarding_rules`, { forwarding_rules: [{ ...http, entry_port: 81 }] }),
  ).toBe(refusal);
  await switchEdges({ busyLoadBalancer: false });
  expect(await asked("PUT", path, fields)).toBe(200);
});

test("hourlyResize: a second size within an hour is refused", async () => {
  await start();
  const { id, path } = await active();
  const resize = (size_unit: number) => asked("PUT", path, { ...fields, size_unit });
  expect(await resize(2)).toBe(200);
  await settled(id);
  await eventually(async () => expect(await resize(3)).toMatch(/^422 size_unit/));
  await switchEdges({ hourlyResize: false });
  expect(await resize(3)).toBe(200);
});

test("lateRelease: a load balancer that is gone is a member of its VPC still", async () => {
  await start({ delays: { ...shortDelays, release: 600_000 } });
  const { vpc } = await create<{ vpc: { id: string } }>("/v2/vpcs", { name: "first", region: "nyc3" });
  const other = (await create<{ vpc: { id: string } }>("/v2/vpcs", { name: "net", region: "nyc3" })).vpc;
  expect(vpc.id).not.toBe(other.id);
  const { id, path } = await active({ region: "nyc3", vpc_uuid: other.id });
  const members = `/v2/vpcs/${other.id}/members`;
  const urn = `do:loadbalancer:${id}`;
  expect(await get(members)).toMatchObject({ members: [{ urn, name: "blog" }] });
  await asked("DELETE", path);
  expect(await get(members)).toMatchObject({ members: [{ urn }] });
  expect(await asked("DELETE", `/v2/vpcs/${other.id}`)).toMatch(/^409/);
  await switchEdges({ lateRelease: false });
  expect(await asked("DELETE", `/v2/vpcs/${other.id}`)).toBe(204);
});

test("one that cannot be started is errored, and the next change tries again", async () => {
  await start();
  emulator().hypervisor.failNext("setLoadBalancer", "no memory");
  const { id } = await make();
  await eventually(async () => expect((await balancerOf(id)).status).toBe("errored"));
  expect(await asked("PUT", `/v2/load_balancers/${id}`, fields)).toBe(200);
  await settled(id);
});

test("a restart starts it again, and a reset ends it", async () => {
  await start();
  const { id } = await active();
  const { folder } = emulator();
  const before = running(id);
  const after = await startEmulator({}, { folder });
  try {
    await eventually(() => expect(after.hypervisor.loadBalancers.get(id)).toEqual(before));
    expect((await after.call("POST", "/_emulator/reset")).status).toBe(204);
    expect(after.hypervisor.loadBalancers.size).toBe(0);
  } finally {
    await after.close();
  }
});

test("a hypervisor without load balancers, or without UDP, is asked for none", async () => {
  await start({ hypervisor: { ...withoutFeatures(), features: ["load balancers"] } });
  const udp = { ...http, entry_protocol: "udp", target_protocol: "udp" };
  expect(await asked("POST", "/v2/load_balancers", { ...fields, forwarding_rules: [udp] })).toMatch(
    /^501 .*UDP/,
  );
  await emulator().close();
  await start({ hypervisor: withoutFeatures() });
  expect(await asked("POST", "/v2/load_balancers", fields)).toMatch(/^501 .*load balancers/);
});
