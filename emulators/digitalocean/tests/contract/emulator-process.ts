import { startDigitalOceanApi } from "../../server.ts";
import { storedOnlyHypervisor } from "../../hypervisor/stored-only-hypervisor.ts";
import { optionsIn } from "../support.ts";

// Run as its own process by the restart test, which kills it: the emulator in the folder that the argument names.
const [folder, delay] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: emulator-process.ts FOLDER [MILLISECONDS]");
const milliseconds = Number(delay ?? 20);
const api = await startDigitalOceanApi({
  ...optionsIn(folder, storedOnlyHypervisor()),
  delays: { droplet: milliseconds, action: milliseconds, firewall: 20, metadata: 20 },
});
console.log(api.url);
