import type { AccountDroplets } from "../../../components/rollout/observe/account-droplets.ts";
import type { NomadDroplets } from "./droplets.ts";

/** DigitalOcean's API, for droplets that shut down as soon as they are asked to. */
export function dropletAccount(droplets: NomadDroplets): AccountDroplets {
  return {
    list: () => Promise.resolve(droplets.list()),
    hasToken: () => Promise.resolve(true),
    delete: (id) => droplets.deleteById(id),
    shutDown: (id) => droplets.powerOffById(id),
    powerOff: (id) => droplets.powerOffById(id),
    powerOn: (id) => droplets.powerOnById(id),
    tag: () => Promise.resolve(),
  };
}
