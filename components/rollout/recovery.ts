/** Pulumi's name for all that is in the account. Nomad's resources are read through a server that may be gone. */
export const accountTarget = "**digitalocean:index/**";

/**
 * Tells Pulumi what an update that did not end has done and not noted: the official plugin fails to delete a droplet that is
 * gone (measured).
 */
export const refreshCommand = `pulumi refresh --target '${accountTarget}' --clear-pending-creates`;
