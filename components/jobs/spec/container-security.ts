import type { ApiContainerSecurity } from "./api-job.ts";

/**
 * What Nomad's clients give a container which asks for it, if nothing else is set on the node: Docker's own but for `NET_RAW`
 * (Nomad documentation, docker driver, `allow_caps`).
 */
const capabilityNames: readonly string[] = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"],
  ...["NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];

/** What a container may do on its node. A change of any of it restarts the task. */
export interface ContainerSecurity {
  /**
   * The only capabilities that its processes have as root, such as `NET_BIND_SERVICE`; `[]` leaves none.
   * @default - the driver's
   */
  capabilities?: string[];
  /**
   * Whether a program with the setuid bit, or capabilities of its own, gives its caller no more rights than it has.
   * @default `false`
   */
  noNewPrivileges?: boolean;
  /**
   * Whether the image's files cannot be changed. The directories `/alloc`, `/local` and `/secrets`, volumes and `temporary` can.
   * @default `false`
   */
  readOnlyRoot?: boolean;
  /**
   * Directories in memory that are empty at each start, by their path in the container, with their size in MiB. What is in
   * them counts as the task's memory.
   * @default - none
   */
  temporary?: Record<string, number>;
  /**
   * Most processes and threads at once.
   * @default - no limit
   */
  pidsLimit?: number;
  /**
   * Limits of a process by Docker's names, each the soft and hard limit as `"1024:4096"` or one number for both, such as
   * `{ nofile: "4096" }`.
   * @default - those of the node's Docker
   */
  ulimits?: Record<string, string>;
}

/** Why Nomad's clients would not give a container the capability, or undefined. */
export function checkCapability(name: string): string | undefined {
  return capabilityNames.includes(name)
    ? undefined
    : `"${name}" is not a capability that a container can have; there are ${capabilityNames.join(", ")}`;
}

/** The docker driver's settings for it. Throws on a capability that a container cannot have. */
export function renderContainerSecurity(security: ContainerSecurity): ApiContainerSecurity {
  const { capabilities, noNewPrivileges, readOnlyRoot, temporary, pidsLimit, ulimits } = security;
  const [reason] = (capabilities ?? []).flatMap((name) => checkCapability(name) ?? []);
  if (reason !== undefined) throw new Error(`capabilities: ${reason}`);
  return {
    ...(capabilities && {
      cap_drop: ["all"],
      // Nomad takes an empty list for none given.
      ...(capabilities.length > 0 && { cap_add: capabilities.map((name) => name.toLowerCase()) }),
    }),
    ...(noNewPrivileges && { security_opt: ["no-new-privileges"] }),
    ...(readOnlyRoot && { readonly_rootfs: true }),
    ...(temporary && {
      mount: Object.entries(temporary).map(([target, size]) => ({
        type: "tmpfs",
        target,
        tmpfs_options: { size: size * 1024 * 1024 },
      })),
    }),
    ...(pidsLimit !== undefined && { pids_limit: pidsLimit }),
    // A block of attributes is a list in JSON.
    ...(ulimits && { ulimit: [{ ...ulimits }] }),
  };
}
