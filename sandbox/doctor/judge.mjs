// @ts-check
// Runs before `npm ci`, on any Node from 18, so it uses no dependency.

import { isDebian, ok, problem, warning } from "./finding.mjs";
import { judgeControlGroups, judgeDocker, judgeProxy } from "./judge-docker.mjs";
import { judgePorts, judgeRoutes } from "./judge-network.mjs";

/** @import { Facts, Finding } from "./facts.ts" */

/** nftables has the hook for what leaves a droplet's interface since then. */
const oldestKernel = [5, 16];

/** In MiB. Three nodes with Nomad, Docker, Ghost and nginx use a good 3 GiB. */
const memoryNeeded = 4 * 1024;
/** In MiB: where everything is downloaded, where it is built from source, and once it is there. */
const diskOfFirstStart = 6 * 1024;
const diskOfBuilds = 16 * 1024;
const diskOfStart = 1024;

/**
 * What is good and bad about a machine for the sandbox. Pure.
 * @param {Facts} facts
 * @returns {Finding[]}
 */
export function judge(facts) {
  if (facts.platform !== "linux") return [judgeSystem(facts)];
  return [
    judgeSystem(facts),
    judgeKernel(facts),
    judgeRoot(facts),
    judgeNode(facts),
    judgeDocker(facts),
    judgeControlGroups(facts),
    judgeMemory(facts),
    ...judgeDisks(facts),
    judgePorts(facts),
    judgeRoutes(facts),
    judgeProxy(facts),
  ];
}

/** @param {Facts} facts */
function judgeSystem(facts) {
  const { platform, arch, kernel, distributions } = facts;
  const subject = "System";
  if (platform !== "linux") {
    return problem(
      subject,
      `${platform}, and droplets are containers on a Linux kernel with networks of their own`,
      "Run it as root in a Linux machine, for example one that `limactl start template:debian-12` makes",
    );
  }
  if (!["x64", "arm64"].includes(arch))
    return problem(
      subject,
      `${arch}, for which there is no Nomad`,
      "Use a machine with an x86-64 or ARM64 processor",
    );
  const name = distributions[0] ?? "Linux";
  const wsl = /microsoft/i.test(kernel) ? " in WSL2" : "";
  if (isDebian(facts)) return ok(subject, `${name} on ${arch}${wsl}`);
  return warning(
    subject,
    `${name} on ${arch}${wsl}, where system packages are not installed by themselves`,
    "`npm start` lists the programs that are missing; install them with your package manager",
  );
}

/** @param {Facts} facts */
function judgeKernel({ kernel }) {
  const subject = "Kernel";
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number);
  const [oldMajor = 0, oldMinor = 0] = oldestKernel;
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return ok(subject, kernel);
  return problem(
    subject,
    `${kernel}, and nftables filters what leaves an interface since ${oldestKernel.join(".")}`,
    "Boot a newer kernel; on Debian 11 and Ubuntu 22.04 that is the package linux-image-amd64 of backports or linux-generic-hwe-22.04",
  );
}

/** @param {Facts} facts */
function judgeRoot({ isRoot, mayAdministerNetwork, hasSudo }) {
  const subject = "Rights";
  if (!isRoot) {
    return problem(
      subject,
      "not root, and the sandbox makes bridges, firewall rules and loop devices",
      hasSudo ? "`sudo --preserve-env npm start`" : "Become root with `su -` and run the command again",
    );
  }
  if (mayAdministerNetwork) return ok(subject, "root");
  return problem(
    subject,
    "root without CAP_NET_ADMIN and CAP_SYS_ADMIN, as in a container",
    "Run the container with `docker run --privileged`, or use a virtual machine",
  );
}

/** @param {Facts} facts */
function judgeNode({ nodeVersion, hasNpm }) {
  const subject = "Node";
  if (Number(nodeVersion.split(".")[0]) < 18)
    return problem(
      subject,
      `${nodeVersion}, older than 18`,
      "Install Node 24: https://nodejs.org/en/download",
    );
  if (!hasNpm)
    return problem(
      subject,
      `${nodeVersion}, and there is no npm on PATH`,
      "`apt-get install npm`, or install Node 24 with npm: https://nodejs.org/en/download",
    );
  return ok(subject, nodeVersion);
}

/** @param {number} mebibytes */
const gibibytes = (mebibytes) => `${(mebibytes / 1024).toFixed(1)} GiB`;

/** @param {Facts} facts */
function judgeMemory({ memory: { totalMiB, availableMiB = totalMiB }, isFirstStart }) {
  const subject = "Memory";
  const text = `${gibibytes(availableMiB)} available of ${gibibytes(totalMiB)}`;
  if (totalMiB < memoryNeeded) {
    return problem(
      subject,
      `${text}, and three nodes need ${gibibytes(memoryNeeded)}`,
      "Give the machine more memory, or use another one",
    );
  }
  // A sandbox that runs has its part of it.
  if (!isFirstStart || availableMiB >= memoryNeeded) return ok(subject, text);
  return warning(
    subject,
    `${text}, and three nodes need ${gibibytes(memoryNeeded)}`,
    "End other programs, or give the machine more memory",
  );
}

/**
 * One finding a disk.
 * @param {Facts} facts
 */
function judgeDisks({ disks, isFirstStart }) {
  const devices = [...new Set(disks.map(({ device }) => device))];
  return devices.map((device) => {
    const own = disks.filter((disk) => disk.device === device);
    const free = Math.min(...own.map(({ freeMiB }) => freeMiB));
    const subject = "Disk";
    const text = `${gibibytes(free)} free for ${own.map(({ use, directory }) => `${use} (${directory})`).join(", ")}`;
    const mend =
      "Free some, for example by `docker system prune`, or set XDG_CACHE_HOME to a directory on a larger disk";
    const needed = isFirstStart ? diskOfFirstStart : diskOfStart;
    if (free < needed)
      return problem(
        subject,
        `${text}, and a ${isFirstStart ? "first " : ""}start needs ${gibibytes(needed)}`,
        mend,
      );
    if (isFirstStart && free < diskOfBuilds)
      return warning(
        subject,
        `${text}; where tools are built from source a first start needs ${gibibytes(diskOfBuilds)}`,
        mend,
      );
    return ok(subject, text);
  });
}
