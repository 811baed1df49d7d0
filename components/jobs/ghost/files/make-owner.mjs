// Makes Ghost's owner, in Ghost's image and with its configuration, before Ghost's own task starts: Ghost runs here where
// only this program reaches it, gets its owner if it has none, and is stopped again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds: a first start makes the database, and a start with a new version changes it. */
const longestStart = 10 * 60_000;

const environment = process.env;
const blog = new URL(environment.url);
const api = new URL(
  blog.pathname.replace(/\/+$/, "") + "/ghost/api/admin/authentication/setup/",
  "http://127.0.0.1:" + environment.server__port,
);

/** Says that the database which it names has an owner, so that a later start is not held up. */
const mark = path.join(environment.paths__contentPath, "data", "owner-is-made");

/** Names the database: a file that was restored or made again is another one. */
async function databaseName() {
  if (environment.database__client === "mysql") {
    const { database__connection__host: host, database__connection__port: port } = environment;
    return ["mysql", host, port, environment.database__connection__database].join(" ");
  }
  const file = await stat(environment.database__connection__filename).catch(absent);
  return file && "sqlite3 " + file.ino;
}

function absent(error) {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

async function isMarked() {
  const marked = await readFile(mark, "utf8").catch(absent);
  return marked !== undefined && marked === (await databaseName());
}

async function setMark() {
  await writeFile(mark + ".new", await databaseName());
  await rename(mark + ".new", mark);
}

/** Ghost checks where a request comes from, and redirects one that did not come by the scheme of its URL. */
function ask(method, body) {
  return fetch(api, {
    method,
    redirect: "manual",
    signal: AbortSignal.timeout(60_000),
    headers: {
      "content-type": "application/json",
      origin: blog.origin,
      "x-forwarded-proto": blog.protocol.slice(0, -1),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** What Ghost says of its setup, once it answers. */
async function isSetUp(ghost) {
  let seen = "no answer";
  for (const end = Date.now() + longestStart; Date.now() < end; await sleep(300)) {
    if (ghost.exitCode !== null || ghost.signalCode !== null) throw new Error("Ghost ended by itself");
    try {
      const answer = await ask("GET");
      if (answer.status === 200) return (await answer.json()).setup[0].status;
      seen = "status " + answer.status;
    } catch (error) {
      // It does not listen yet, or is busy.
      seen = error.cause?.code ?? error.name;
    }
  }
  throw new Error("Ghost did not start within " + longestStart / 60_000 + " minutes: " + seen);
}

async function makeOwner() {
  const owner = JSON.parse(await readFile(path.join(environment.NOMAD_SECRETS_DIR, "owner.json"), "utf8"));
  const answer = await ask("POST", { setup: [owner] });
  if (answer.status === 201) return;
  const { errors } = await answer.json();
  throw new Error("Ghost refuses the owner: " + answer.status + " " + errors[0].message);
}

async function startGhost() {
  const ghost = spawn("docker-entrypoint.sh", ["node", "current/index.js"], {
    stdio: "inherit",
    env: { ...environment, server__host: "127.0.0.1", sendWelcomeEmail: "false" },
  });
  process.on("SIGTERM", () => ghost.kill());
  await once(ghost, "spawn");
  return ghost;
}

async function stopGhost(ghost) {
  if (ghost.exitCode !== null || ghost.signalCode !== null) return;
  const ended = once(ghost, "exit");
  ghost.kill();
  await ended;
}

if (await isMarked()) console.log("The blog has an owner.");
else {
  const ghost = await startGhost();
  try {
    if (await isSetUp(ghost)) console.log("The blog has an owner, who is left alone.");
    else {
      await makeOwner();
      console.log("The blog has an owner now.");
    }
  } finally {
    await stopGhost(ghost);
  }
  await setMark();
}
