import { afterEach, beforeEach, expect, test } from "vitest";
import { activeDroplet, eventually, startEmulator, waitForDroplet } from "../support.ts";
import type { TestEmulator } from "../support.ts";

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

interface Project {
  readonly id: string;
  readonly is_default: boolean;
}

const get = async <Body>(path: string) => (await emulator.call<Body>("GET", path)).body;
const asked = async (method: string, path: string, body?: unknown) => {
  const answer = await emulator.call(method, path, body);
  return answer.status < 300 ? answer.status : `${answer.status} ${answer.body.message}`;
};
const fields = { name: "blog", purpose: "Website or blog" };
const create = async (more: object = {}) =>
  (await emulator.call<{ project: Project }>("POST", "/v2/projects", { ...fields, ...more })).body.project;
const urnsIn = async (project: string) =>
  (await get<{ resources: { urn: string }[] }>(`/v2/projects/${project}/resources`)).resources.map(
    ({ urn }) => urn,
  );

test("a project is made, changed and deleted; its name is used once", async () => {
  const { id } = await create({ environment: "Production" });
  expect(await asked("POST", "/v2/projects", fields)).toMatch(/^409/);
  expect(await asked("POST", "/v2/projects", { name: "other" })).toMatch(/^422 purpose/);
  expect(await asked("PATCH", `/v2/projects/${id}`, { purpose: "a zoo" })).toBe(200);
  expect(await get(`/v2/projects/${id}`)).toMatchObject({
    project: { name: "blog", purpose: "Other: a zoo", environment: "Production", is_default: false },
  });
  expect(await asked("PUT", `/v2/projects/${id}`, { ...fields, name: "zoo" })).toBe(200);
  expect((await get<{ projects: object[] }>("/v2/projects")).projects).toMatchObject([
    { is_default: true },
    { name: "zoo" },
  ]);
  expect(await asked("DELETE", `/v2/projects/${id}`)).toBe(204);
  expect(await asked("GET", `/v2/projects/${id}`)).toMatch(/^404/);
});

test("resources begin in the default project, move, and keep theirs from being deleted: 412", async () => {
  const droplet = await activeDroplet(emulator);
  const urn = `do:droplet:${droplet.id}`;
  const { id } = await create();
  expect(await urnsIn("default")).toEqual([urn]);
  const move = (project: string, resources: readonly string[]) =>
    asked("POST", `/v2/projects/${project}/resources`, { resources });
  expect(await move(id, ["do:vpc:one"])).toMatch(/^422/);
  expect(await move(id, ["do:droplet:1"])).toMatch(/^422/);
  expect(await move(id, ["do:space:one"])).toMatch(/^501/);
  expect(await move(id, [urn])).toBe(200);
  expect([await urnsIn("default"), await urnsIn(id)]).toEqual([[], [urn]]);
  expect(await asked("DELETE", `/v2/projects/${id}`)).toMatch(/^412 cannot delete a project with resources/);
  expect(await move("default", [urn])).toBe(200);
  expect(await asked("DELETE", `/v2/projects/${id}`)).toBe(204);
});

test("another project becomes the default, which is never just taken away or deleted", async () => {
  const first = (await get<{ project: Project }>("/v2/projects/default")).project;
  const { id } = await create();
  expect(await asked("PATCH", `/v2/projects/${id}`, { is_default: true })).toBe(200);
  expect((await get<{ project: Project }>("/v2/projects/default")).project.id).toBe(id);
  expect(await asked("PATCH", "/v2/projects/default", { is_default: false })).toBe(200);
  expect(await get(`/v2/projects/${id}`)).toMatchObject({ project: { is_default: true } });
  expect(await asked("DELETE", `/v2/projects/${id}`)).toMatch(/^422/);
  expect(await asked("DELETE", `/v2/projects/${first.id}`)).toBe(204);
});

test("a reserved IP is reserved in a project, and is a floating IP to those who call it so", async () => {
  const { id } = await create();
  const { reserved_ip } = (
    await emulator.call<{ reserved_ip: { ip: string; project_id: string } }>("POST", "/v2/reserved_ips", {
      ...{ region: "sgp1", project_id: id },
    })
  ).body;
  expect(reserved_ip.project_id).toBe(id);
  expect(await urnsIn(id)).toEqual([`do:reservedip:${reserved_ip.ip}`]);
  expect(await asked("POST", "/v2/reserved_ips", { region: "sgp1", project_id: "none" })).toMatch(/^422/);
  const path = `/v2/floating_ips/${reserved_ip.ip}`;
  expect(await get(path)).toMatchObject({ floating_ip: { ip: reserved_ip.ip, project_id: id } });
  expect(await get("/v2/floating_ips")).toMatchObject({ floating_ips: [{ ip: reserved_ip.ip }] });
  const droplet = await activeDroplet(emulator);
  expect(await asked("POST", `${path}/actions`, { type: "assign", droplet_id: droplet.id })).toBe(201);
  await waitForDroplet(emulator, droplet.id);
  await eventually(async () =>
    expect(await get(path)).toMatchObject({ floating_ip: { droplet: { id: droplet.id } } }),
  );
  expect(await get(`${path}/actions`)).toMatchObject({
    actions: [{ type: "assign_ip", status: "completed", resource_type: "floating_ip" }],
  });
});
