// Loaded into Ghost's process before Ghost itself: lets only this process reach Ghost until the blog has an owner, and makes
// the owner if there is none.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";

const environment = process.env;
const blog = new URL(environment.url);
const api = new URL(
  blog.pathname.replace(/\/+$/, "") + "/ghost/api/admin/authentication/setup/",
  "http://127.0.0.1:" + environment.server__port,
);

/** Node tells of each connection here before anything of it is read. */
const connections = "net.server.socket";

function closeToOthers({ socket }) {
  if (socket.remoteAddress !== "127.0.0.1") socket.destroy();
}

/** Fails where Node does not tell of connections: Ghost would answer everybody. */
async function expectToHearOfConnections() {
  let heard = false;
  const listen = () => {
    heard = true;
  };
  subscribe(connections, listen);
  const server = net.createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  await once(net.connect(server.address().port, "127.0.0.1").resume(), "close");
  server.close();
  unsubscribe(connections, listen);
  if (!heard) throw new Error("Node " + process.version + " does not tell of connections as Node 22 does");
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

/** What Ghost says of its setup, once it answers; a first start makes the database, and one with a new version changes it. */
async function isSetUp() {
  for (let said; ; await sleep(100)) {
    let seen;
    try {
      const answer = await ask("GET");
      if (answer.status === 200) return (await answer.json()).setup[0].status;
      // Until Ghost has started it answers 503.
      seen = "status " + answer.status;
    } catch (error) {
      seen = error.cause?.code ?? error.name;
    }
    if (seen !== said) console.log("Ghost does not say yet whether the blog has an owner: " + seen);
    said = seen;
  }
}

async function makeOwner() {
  const owner = JSON.parse(await readFile(path.join(environment.NOMAD_SECRETS_DIR, "owner.json"), "utf8"));
  const answer = await ask("POST", { setup: [owner] });
  if (answer.status === 201) return;
  const { errors } = await answer.json();
  throw new Error("Ghost refuses the owner: " + answer.status + " " + errors[0].message);
}

async function openWithOwner() {
  if (await isSetUp()) console.log("The blog has an owner, who is left alone.");
  else {
    await makeOwner();
    console.log("The blog has an owner now.");
  }
  unsubscribe(connections, closeToOthers);
}

// Ghost's workers load this file too.
if (isMainThread) {
  await expectToHearOfConnections();
  subscribe(connections, closeToOthers);
  // Ghost would mail a welcome.
  environment.sendWelcomeEmail = "false";
  openWithOwner().catch((error) => {
    console.error(error);
    process.exit(1);
  });
}
