import { checkPattern, checkWholeNumber } from "../checks.ts";
import type { Check } from "../validation.ts";
import { clusterSlots } from "../nodes/names.ts";
import type { ResolvedClusterArgs } from "./defaults.ts";

/** Of the caller's host volumes; the first of all is the cluster's own. */
export function hostVolumeChecks({ hostVolumes }: ResolvedClusterArgs): Check[] {
  return hostVolumes.slice(1).flatMap(({ name, path, readOnly }, index): Check[] => {
    const property = (field: string) => `hostVolumes[${index}].${field}`;
    const isFirst = hostVolumes.findIndex((other) => other.name === name) === index + 1;
    return [
      [
        property("name"),
        checkPattern(name, /^[a-zA-Z0-9-]{1,128}$/, "a volume name of letters, digits and hyphens"),
      ],
      [property("path"), checkPattern(path, /^(\/|(\/[\w.-]+)+)$/, "an absolute path")],
      [
        property("readOnly"),
        path === "/" && readOnly !== true
          ? "has to be true for /: a job that writes there owns the node"
          : undefined,
      ],
      [property("name"), isFirst ? undefined : `"${name}" is taken by another volume`],
    ];
  });
}

/** Of the volumes that the cluster's droplets mount. */
export function volumeChecks(args: ResolvedClusterArgs): Check[] {
  const slots: readonly string[] = clusterSlots(args);
  const names = [...args.hostVolumes, ...args.volumes].map(({ name }) => name);
  return args.volumes.flatMap(({ name, slot, size }, index): Check[] => {
    const property = (field: string) => `volumes[${index}].${field}`;
    const isFirst = names.indexOf(name) === args.hostVolumes.length + index;
    return [
      [
        property("name"),
        // DigitalOcean allows 64 characters, the cluster's name among them.
        checkPattern(
          name,
          /^[a-z]([a-z0-9-]{0,19}[a-z0-9])?$/,
          "a name of at most 21 lower-case letters, digits and hyphens",
        ),
      ],
      [property("name"), isFirst ? undefined : `"${name}" is taken by another volume`],
      [
        property("slot"),
        slots.includes(slot)
          ? undefined
          : `"${slot}" is not a slot of this cluster; it has ${slots.join(", ")}`,
      ],
      [property("size"), checkWholeNumber(size, { unit: "of GiB", from: 1, to: 16_384 })],
    ];
  });
}
