/** The node's whole file system, to be read. */
export const hostRoot = { source: "host-root", path: "/" } as const;

/** Mount points, as a regular expression, that say nothing of the node's disks: the kernel's, Docker's and Nomad's own. */
export const uninterestingMounts = "^/(dev|proc|run|sys|var/lib/docker|opt/nomad/data)($|/)";
