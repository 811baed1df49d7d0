import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ownerItems, ownerVariablePath } from "../../../../components/jobs/ghost/owner.ts";
import { standInImages } from "../../../../sandbox/offline/images.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../../../sandbox/tools/docker-daemon.ts";
import { installTool } from "../../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../../sandbox/tools/tool-table.ts";
import { containersOn } from "../../../support/blog/containers.ts";
import { logIn } from "../../../support/blog/ghost-owner.ts";
import { startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { ask, setVariable, submit } from "../../../support/nomad/nginx.ts";
import { ghostJob } from "../../../support/rendered-jobs.ts";
import { docker } from "../../sandbox/images/container.ts";

// One blog goes through its first days here, under a real Nomad and with the real Ghost, so the order of the tests matters.

const blogUrl = "https://blog.test";
const owner = { email: "first@example.com", name: "First", blogTitle: "A title" };
const password = "canary-0123456789";
const second = { ...owner, email: "second@example.com", password: "canary-9876543210" };

let agent: NomadAgent;
let content: string;
let image: string;

interface Task {
  readonly State: string;
  readonly Restarts: number;
  readonly StartedAt: string | null;
}
interface Allocation {
  readonly ID: string;
  readonly ClientStatus: string;
  readonly DesiredStatus: string;
  readonly TaskStates: Readonly<Record<"ghost", Task>> | null;
}

const eventually = <Result>(expectation: () => Promise<Result>) =>
  vi.waitFor(expectation, { timeout: 240_000, interval: 100 });

beforeAll(async () => {
  const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
  await ensureDockerDaemon(cacheDir, () => undefined);
  const standIn = await standInImages.ghost.build(cacheDir);
  await docker("load", "--input", standIn.archive);
  image = standIn.localName;
  content = await mkdtemp(path.join(os.tmpdir(), "ghost-content-"));
  agent = await startNomadAgent((await installTool(nomad, cacheDir)).path, {
    hostVolumes: { "blog-content": { path: content, read_only: false } },
  });
}, 900_000);

afterAll(async () => {
  await stopGhost();
  await agent.stop();
  await rm(content, { recursive: true });
});

const setOwner = (changed: Partial<typeof owner & { password: string }>) =>
  setVariable(agent, ownerVariablePath("ghost").replace("nomad/jobs/", ""), {
    ...ownerItems({ ...owner, ...changed }, changed.password ?? password),
  });

const job = ({ email, name, blogTitle } = owner) =>
  ghostJob({
    ...{ datacenter: "dc1", url: blogUrl, contentVolume: "blog-content", image },
    owner: { email, name, blogTitle },
  });

async function version(): Promise<number> {
  return ((await (await agent.call("GET", "/v1/job/ghost")).json()) as { Version: number }).Version;
}

async function allocation(): Promise<Allocation> {
  const answer = await agent.call("GET", "/v1/job/ghost/allocations");
  const running = ((await answer.json()) as Allocation[]).filter(
    ({ DesiredStatus }) => DesiredStatus === "run",
  );
  if (running.length !== 1) throw new Error(`ghost has ${running.length} allocations`);
  return running[0]!;
}

const log = async () => {
  const { ID } = await allocation();
  const texts = ["stdout", "stderr"].map(async (type) =>
    (
      await agent.call("GET", `/v1/client/fs/logs/${ID}?task=ghost&type=${type}&origin=start&plain=true`)
    ).text(),
  );
  return (await Promise.all(texts)).join("");
};

/** Ghost, as nginx finds it. */
async function address(): Promise<string> {
  const services = (await (await agent.call("GET", "/v1/service/ghost")).json()) as {
    Address: string;
    Port: number;
  }[];
  return `http://${services[0]!.Address}:${services[0]!.Port}`;
}

const https = { headers: { "x-forwarded-proto": "https" } };

/** Asks Ghost over and over from before it listens: the very first answer must be that there is an owner. */
async function expectOwnerAtFirstAnswer(): Promise<void> {
  const url = `${await eventually(address)}/ghost/api/admin/authentication/setup/`;
  const answer = await eventually(() => ask(url, https));
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ setup: [{ status: true }] });
}

async function stopGhost(): Promise<void> {
  await agent.call("DELETE", "/v1/job/ghost?purge=true");
  await eventually(async () => expect(await containersOn(content)).toEqual([]));
}

test("an owner whom Ghost refuses keeps Ghost from answering anybody, and is made as soon as that is mended", async () => {
  await setOwner({ password: "short" });
  await submit(agent, job());
  const url = await eventually(address);
  let answers = 0;
  await eventually(async () => {
    await ask(url, https).then(
      () => answers++,
      () => undefined,
    );
    expect(await log()).toContain("Ghost refuses the owner: 422 ");
  });
  expect(answers).toBe(0);

  await setOwner({});
  await expectOwnerAtFirstAnswer();
  expect((await ask(await address(), https)).body).toContain("<title>A title</title>");
  expect(await logIn(await address(), { ...owner, password }, blogUrl)).toBe(201);
}, 600_000);

test("no password is in the job or in a log", async () => {
  expect(JSON.stringify(job())).not.toContain(password);
  const text = await eventually(async () => {
    const soFar = await log();
    expect(soFar).toContain("The blog has an owner now.");
    return soFar;
  });
  expect(text).not.toContain(password);
  expect(text).not.toContain("short");
});

test("another owner in the stack restarts nothing, and no second one is made", async () => {
  const seen = async () => {
    const { ID, TaskStates } = await allocation();
    return { version: await version(), ID, TaskStates };
  };
  const before = await seen();
  await setOwner(second);
  await submit(agent, job(second));
  expect(await seen()).toEqual(before);
  await expectOwnerAtFirstAnswer();
  // There is nobody of that address.
  expect(await logIn(await address(), second, blogUrl)).toBe(404);
}, 600_000);

test("a new allocation sees that the blog has its owner, and leaves them alone", async () => {
  await stopGhost();
  await submit(agent, job(second));
  await expectOwnerAtFirstAnswer();
  await eventually(async () => expect(await log()).toContain("The blog has an owner, who is left alone."));
  expect(await logIn(await address(), { ...owner, password }, blogUrl)).toBe(201);
}, 600_000);
