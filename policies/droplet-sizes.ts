/**
 * MiB of a droplet size, or undefined if its slug does not say: `s-2vcpu-4gb` and `g-2vcpu-8gb-intel` do, `c-2` and the
 * sizes with GPUs do not.
 */
export function memoryOfSize(slug: string): number | undefined {
  const [, amount, unit] = /^[a-z][a-z0-9_]*-\d+vcpu-(\d+)(gb|mb)(?:-|$)/.exec(slug) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * (unit === "gb" ? 1024 : 1);
}

/**
 * US dollars a month before tax, by droplet size or by resource type: DigitalOcean's list of July 2022 for basic droplets with
 * regular CPUs.
 */
export const monthlyPrices: Readonly<Record<string, number>> = {
  "s-1vcpu-512mb-10gb": 4,
  "s-1vcpu-1gb": 6,
  "s-1vcpu-2gb": 12,
  "s-2vcpu-2gb": 18,
  "s-2vcpu-4gb": 24,
  "s-4vcpu-8gb": 48,
  "s-8vcpu-16gb": 96,
  // One node.
  "digitalocean:index/loadBalancer:LoadBalancer": 12,
};

/** US dollars a month for a GiB of a volume: DigitalOcean's list of July 2022. */
export const monthlyPriceOfVolumeGiB = 0.1;
