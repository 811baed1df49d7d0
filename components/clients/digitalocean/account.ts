import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { DigitalOceanClient } from "./client.ts";

// Read through Pulumi's provider, which has the account's token whether or not the program knows it.

export type AccountDroplet = digitalocean.types.output.GetDropletsDroplet;

/** All droplets of the account. */
export async function listDroplets(opts: pulumi.InvokeOptions): Promise<AccountDroplet[]> {
  return (await digitalocean.getDroplets({}, opts)).droplets;
}

/** What the account may have, and what there is to be had. */
export async function readAccount(opts: pulumi.InvokeOptions) {
  const [account, { regions }, { sizes }, droplets] = await Promise.all([
    digitalocean.getAccount(opts),
    digitalocean.getRegions({}, opts),
    digitalocean.getSizes({}, opts),
    listDroplets(opts),
  ]);
  return {
    dropletLimit: account.dropletLimit,
    // The API's older name for reserved addresses.
    reservedIpLimit: account.floatingIpLimit,
    ...{ regions, sizes, droplets },
  };
}

/** A client with the access of the provider of `component`, or with what the default provider would take. */
export async function clientOf(component: pulumi.ComponentResource): Promise<DigitalOceanClient> {
  // As the provider itself looks for them.
  const token =
    digitalocean.config.token ??
    process.env["DIGITALOCEAN_TOKEN"] ??
    process.env["DIGITALOCEAN_ACCESS_TOKEN"];
  const endpoint = digitalocean.config.apiEndpoint;
  const own = component.getProvider("digitalocean:index/droplet:Droplet");
  if (!own) return new DigitalOceanClient({ endpoint, token });
  const provider = own as digitalocean.Provider;
  return new Promise((resolve) =>
    pulumi
      .all([provider.apiEndpoint, provider.token])
      .apply(([given, secret]) =>
        resolve(new DigitalOceanClient({ endpoint: given ?? endpoint, token: secret ?? token })),
      ),
  );
}
