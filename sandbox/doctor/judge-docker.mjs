// @ts-check
import { isDebian, ok, problem, warning } from "./finding.mjs";

/** @import { Facts } from "./facts.ts" */

/** @param {Facts} facts */
export function judgeDocker(facts) {
  const subject = "Docker";
  const { hasClient, hasDaemon, host, problem: said, server } = facts.docker;
  if (host !== undefined) {
    return problem(
      subject,
      `the client asks ${host}, and droplets need the Docker of this machine`,
      "`unset DOCKER_HOST`, `docker context use default`",
    );
  }
  if (server === undefined) {
    if (!hasClient && !hasDaemon)
      return isDebian(facts)
        ? ok(subject, "none yet: `npm start` installs Debian's docker.io")
        : problem(subject, "none", "Install Docker Engine: https://docs.docker.com/engine/install/");
    if (hasDaemon) return ok(subject, "does not run yet: `npm start` starts it");
    return problem(
      subject,
      `does not answer: ${said ?? "no reason given"}`,
      "`systemctl start docker`; where there is only a client, install Docker Engine: https://docs.docker.com/engine/install/",
    );
  }
  const { kind, version, storageDriver } = server;
  /** @type {Record<Exclude<typeof kind, "engine">, string>} */
  const others = {
    desktop: "Docker Desktop, whose containers are in a virtual machine of its own",
    rootless: "rootless Docker, whose containers cannot be given networks of the host",
    podman: "Podman, on which the sandbox was not made to run",
    snap: "Docker from a snap, which cannot read files outside of home directories",
  };
  if (kind !== "engine") {
    return problem(
      subject,
      others[kind],
      kind === "snap"
        ? "`snap remove docker && apt-get install docker.io`"
        : "Install Docker Engine for root, https://docs.docker.com/engine/install/, and select it: `docker context use default`",
    );
  }
  if (["vfs", "devicemapper", "fuse-overlayfs"].includes(storageDriver)) {
    return warning(
      subject,
      `${version} with the storage driver ${storageDriver}, which is slow${storageDriver === "vfs" ? " and copies every image layer" : ""}`,
      'Put `{"storage-driver": "overlay2"}` into /etc/docker/daemon.json, with /var/lib/docker on ext4 or xfs, and restart Docker',
    );
  }
  return ok(subject, `${version} with ${storageDriver}`);
}

/** @param {Facts} facts */
export function judgeControlGroups({ cgroupVersion, docker }) {
  const subject = "Control groups";
  const version = docker.server?.cgroupVersion ?? cgroupVersion;
  if (version === undefined)
    return problem(subject, "not mounted", "`mount -t cgroup2 cgroup2 /sys/fs/cgroup`, or boot with systemd");
  if (version === 1) return ok(subject, "version 1");
  return warning(
    subject,
    "version 2, on which droplets were not tried",
    "If Nomad in a droplet does not start, boot with the kernel's argument `systemd.unified_cgroup_hierarchy=0`",
  );
}

/** @param {Facts} facts */
export function judgeProxy({ proxy: { variable, url }, docker }) {
  const subject = "Proxy";
  if (variable === undefined || url === undefined) return ok(subject, "none");
  if (!/^https?:\/\/[^/\s]+\/?$/.test(url))
    return problem(
      subject,
      `${variable} is "${url}", which is no address of a proxy`,
      `\`export ${variable}=http://proxy.example.com:3128\``,
    );
  if (docker.server === undefined || docker.server.proxy) return ok(subject, `${variable} is ${url}`);
  return warning(
    subject,
    `${variable} is ${url}, and Docker, which pulls the images, knows no proxy`,
    `Put \`{"proxies": {"https-proxy": "${url}"}}\` into /etc/docker/daemon.json (Docker 23 or newer) and restart Docker`,
  );
}
