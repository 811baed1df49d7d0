import { randomUUID } from "node:crypto";
import type { Emulator } from "../emulator.ts";
import { unprocessable } from "../requests/errors.ts";
import { freeVpcRange } from "../rules/vpc-range.ts";
import type { Vpc } from "../store/entities.ts";

/** Ranges that a new VPC must not touch: the other VPCs' and the anchor addresses'. */
export function takenRanges(emulator: Emulator): string[] {
  return [...emulator.store.vpcs.list().map((vpc) => vpc.ipRange), emulator.options.anchorNetwork];
}

/**
 * Ranges of the regions' default VPCs, the same in every account. Source: `default-sgp1` in three public inventories; the
 * other regions' are not known here.
 */
const defaultRanges: Readonly<Record<string, string>> = { sgp1: "10.104.0.0/20" };

export function generatedRange(emulator: Emulator): string {
  const range = freeVpcRange([...takenRanges(emulator), ...Object.values(defaultRanges)]);
  if (range === undefined) throw unprocessable("no free /20 range is left for a VPC");
  return range;
}

/** The first VPC of a region becomes its default. */
export function storeVpc(
  emulator: Emulator,
  fields: Pick<Vpc, "name" | "description" | "region" | "ipRange">,
): Vpc {
  const isDefault = !emulator.store.vpcs.list().some((vpc) => vpc.region === fields.region && vpc.isDefault);
  const vpc = { ...fields, id: randomUUID(), isDefault, createdAt: emulator.now() };
  emulator.store.vpcs.put(vpc);
  return vpc;
}

/** The default VPC of a region, made when there is none yet. To be called in a transaction. */
export function defaultVpc(emulator: Emulator, region: string): Vpc {
  const existing = emulator.store.vpcs.list().find((vpc) => vpc.region === region && vpc.isDefault);
  if (existing !== undefined) return existing;
  return storeVpc(emulator, {
    name: `default-${region}`,
    description: "",
    region,
    ipRange: defaultRanges[region] ?? generatedRange(emulator),
  });
}
