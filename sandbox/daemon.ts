// The sandbox's background process: hosts its services until it gets SIGTERM. Arguments: the droplet image, and a text that
// identifies what the process runs.
import path from "node:path";
import { removeDaemonRecord, writeDaemonRecord } from "./daemon/daemon-record.ts";
import { identifyProcess } from "./daemon/process-identity.ts";
import { startServices } from "./daemon/services.ts";
import { sandboxSecrets } from "./secrets.ts";
import { sandboxSettings } from "./settings.ts";

const settings = sandboxSettings(path.dirname(import.meta.dirname));
const [image, build] = process.argv.slice(2);
const identity = await identifyProcess(process.pid);
if (!image || !build || !identity) throw new Error("usage: daemon.ts IMAGE BUILD");

const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
const stopRequest = new Promise<NodeJS.Signals>((resolve) => {
  process.once("SIGTERM", resolve);
  process.once("SIGINT", resolve);
});

log(`starting as process ${process.pid}`);
const record = { ...identity, build };
await writeDaemonRecord(settings, record);
const services = await startServices(settings, image, await sandboxSecrets(settings), log);
await writeDaemonRecord(settings, { ...record, addresses: services.addresses });
log("ready");

log(`ending: ${await stopRequest}`);
await services.close();
await removeDaemonRecord(settings);
log("ended");
process.exit(0);
