import { knownSize } from "../catalog.ts";
import type { Hypervisor, Machine } from "../hypervisor/hypervisor.ts";
import type { Droplet } from "../store/entities.ts";
import type { Store } from "../store/store.ts";

/** Creates the droplet with the volumes that the store says are its own, so that it finds them when it boots. */
export async function bringUp(droplet: Droplet, store: Store, hypervisor: Hypervisor): Promise<void> {
  for (const volume of store.volumes.where("dropletId", droplet.id))
    await hypervisor.attachVolume(droplet.id, volume);
  await hypervisor.create(machineOf(droplet, store));
}

function machineOf(droplet: Droplet, store: Store): Machine {
  const vpc = store.vpcs.get(droplet.vpcId);
  if (vpc === undefined) throw new Error(`there is no VPC ${droplet.vpcId} any more`);
  const size = knownSize(droplet.size);
  return {
    id: droplet.id,
    name: droplet.hostname,
    userData: droplet.userData,
    sshKeys: droplet.sshKeys,
    publicAddress: droplet.publicAddress,
    anchorAddress: droplet.anchorAddress,
    vpc: { id: vpc.id, ipRange: vpc.ipRange, address: droplet.privateAddress },
    vcpus: size.vcpus,
    memoryMiB: size.memory,
  };
}
