import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../child-options.ts";
import { nodeNameOf } from "./names.ts";
import { userData } from "./user-data.ts";
import type { NodeSpec } from "./user-data.ts";

export interface ClusterNodeArgs {
  /** What the node is made of. A change replaces the droplet. States record this name, so another would show as a change. */
  definition: pulumi.Input<NodeSpec>;
  /** Name of the droplet; a change renames it in place. */
  dropletName: string;
  /** Region slug. A change replaces the droplet. */
  region: string;
  /** Size slug. A change powers the droplet off, gives it other CPUs and memory, and powers it on; its disk stays. */
  size: string;
  /** Image slug. A change replaces the droplet. */
  image: string;
  /** Ids or fingerprints of SSH keys in the account. A change replaces the droplet. */
  sshKeys: string[];
  /** A change replaces the droplet. */
  vpcId: pulumi.Input<string>;
  tags: pulumi.Input<string>[];
  /** Ids of the volumes that the definition mounts. */
  volumeIds: pulumi.Input<string>[];
  /** Reserved address that follows the slot from droplet to droplet. */
  reservedAddress?: pulumi.Input<string>;
}

/** One slot of the cluster: the droplet that fills it now, and the reserved address that stays when it goes. */
export class ClusterNode extends pulumi.ComponentResource {
  /** Name of the Nomad node, made of the droplet's name and id. */
  readonly nodeName: pulumi.Output<string>;
  readonly publicAddress: pulumi.Output<string>;
  /** Address in the VPC. */
  readonly privateAddress: pulumi.Output<string>;
  /** Known when the reserved address leads to the droplet. */
  readonly addressAssigned: pulumi.Output<string>;

  /** `hooks` are the droplet's. */
  constructor(
    name: string,
    args: ClusterNodeArgs,
    opts?: pulumi.ComponentResourceOptions,
    hooks: pulumi.ResourceHookBinding = {},
  ) {
    super("nomad-digitalocean:index:ClusterNode", name, args, opts);
    // One reserved address and one Nomad name a slot: the old droplet goes before the new one comes.
    const child = { ...childOptions(this, opts), deleteBeforeReplace: true };

    const droplet = new digitalocean.Droplet(
      `${name}-droplet`,
      {
        name: args.dropletName,
        region: args.region,
        size: args.size,
        // A disk that has grown never shrinks, so the way back would be closed.
        resizeDisk: false,
        image: args.image,
        sshKeys: args.sshKeys,
        vpcUuid: args.vpcId,
        tags: args.tags,
        volumeIds: args.volumeIds,
        // Lets the node unmount its volumes and its server close its connections, which clients would wait for.
        gracefulShutdown: true,
        userData: pulumi.secret(pulumi.output(args.definition).apply(userData)),
        // The droplet agent asks the metadata service, which nodes close after boot.
        dropletAgent: false,
      },
      // The plugin waits for a shutdown within the time of the deletion, a minute by default.
      { ...child, hooks, customTimeouts: { delete: "10m" } },
    );
    this.nodeName = pulumi.output({ name: args.dropletName, id: droplet.id }).apply(nodeNameOf);
    this.publicAddress = droplet.ipv4Address;
    this.privateAddress = droplet.ipv4AddressPrivate;
    this.addressAssigned =
      args.reservedAddress === undefined
        ? droplet.id
        : new digitalocean.ReservedIpAssignment(
            `${name}-address`,
            { ipAddress: args.reservedAddress, dropletId: droplet.id.apply(Number) },
            // DigitalOcean lets the address go with the droplet. Unassigned by itself, an update that is interrupted in between
            // could not go on: Pulumi asks for that twice, and the official plugin crashes on the second (measured).
            { ...child, retainOnDelete: true },
          ).id;
    this.registerOutputs({
      nodeName: this.nodeName,
      publicAddress: this.publicAddress,
      privateAddress: this.privateAddress,
    });
  }
}
