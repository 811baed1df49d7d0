import { describe, expect, test } from "vitest";
import { findingsText } from "../../../../sandbox/doctor/doctor.mjs";
import type { Facts, Finding } from "../../../../sandbox/doctor/facts.ts";
import { judge } from "../../../../sandbox/doctor/judge.mjs";
import { ports, publicNetwork } from "../../../../sandbox/settings.ts";

const engine = { version: "28.5.1", kind: "engine", storageDriver: "overlay2", cgroupVersion: 1 } as const;

const good: Facts = {
  ...{
    platform: "linux",
    arch: "x64",
    kernel: "6.1.0-18-amd64",
    distributions: ["debian"],
    cgroupVersion: 1,
  },
  ...{ isRoot: true, mayAdministerNetwork: true, hasSudo: true, nodeVersion: "20.20.2", hasNpm: true },
  docker: { hasClient: true, hasDaemon: true, server: engine },
  isFirstStart: true,
  memory: { totalMiB: 16_000, availableMiB: 12_000 },
  disks: [
    { use: "tools", directory: "/root/.cache", freeMiB: 50_000, device: 1 },
    { use: "Docker", directory: "/var/lib/docker", freeMiB: 60_000, device: 2 },
  ],
  listeningPorts: [22, 80],
  routes: ["10.0.0.0/24", "172.17.0.0/16", "198.18.4.0/23"],
  proxy: {},
};

const withServer = (server: object): Partial<Facts> => ({
  docker: { hasClient: true, hasDaemon: true, server: { ...engine, ...server } },
});
const onlyDisk = (freeMiB: number) => ({
  disks: [
    { use: "tools", directory: "/root/.cache", freeMiB, device: 1 },
    { use: "Docker", directory: "/var/lib/docker", freeMiB, device: 1 },
  ],
});

type Bad = [name: string, machine: Partial<Facts>, level: Finding["level"], text: RegExp, mend: RegExp];
const badMachines: readonly Bad[] = [
  [
    "a Mac",
    { platform: "darwin", arch: "arm64", kernel: "24.5.0", distributions: [] },
    "problem",
    /^System: darwin/,
    /limactl start template:debian-12/,
  ],
  ["a 32-bit processor", { arch: "arm" }, "problem", /^System: arm, /, /x86-64 or ARM64/],
  [
    "Fedora",
    { distributions: ["fedora"] },
    "warning",
    /^System: fedora on x64, where system packages are not installed/,
    /package manager/,
  ],
  [
    "Ubuntu 22.04's first kernel",
    { kernel: "5.15.0-91-generic" },
    "problem",
    /^Kernel: 5\.15/,
    /linux-generic-hwe-22\.04/,
  ],
  [
    "a user with sudo",
    { isRoot: false },
    "problem",
    /^Rights: not root/,
    /^`sudo --preserve-env npm start`$/,
  ],
  ["a user without sudo", { isRoot: false, hasSudo: false }, "problem", /^Rights: not root/, /`su -`/],
  [
    "a container",
    { mayAdministerNetwork: false },
    "problem",
    /^Rights: root without CAP_NET_ADMIN/,
    /docker run --privileged/,
  ],
  ["an old Node", { nodeVersion: "16.20.2" }, "problem", /^Node: 16\.20\.2, older than 18/, /nodejs\.org/],
  ["a Node without npm", { hasNpm: false }, "problem", /^Node: .*no npm/, /apt-get install npm/],
  [
    "a Docker that does not answer",
    { docker: { hasClient: true, hasDaemon: false, problem: "permission denied" } },
    "problem",
    /^Docker: does not answer: permission denied/,
    /systemctl start docker/,
  ],
  [
    "another machine's Docker",
    { docker: { hasClient: true, hasDaemon: true, host: "ssh://build" } },
    "problem",
    /^Docker: the client asks ssh:\/\/build/,
    /unset DOCKER_HOST/,
  ],
  [
    "Docker Desktop",
    withServer({ kind: "desktop" }),
    "problem",
    /^Docker: Docker Desktop/,
    /docker context use default/,
  ],
  ["rootless Docker", withServer({ kind: "rootless" }), "problem", /^Docker: rootless/, /for root/],
  ["Podman", withServer({ kind: "podman" }), "problem", /^Docker: Podman/, /Docker Engine/],
  ["Docker from a snap", withServer({ kind: "snap" }), "problem", /^Docker: .*snap/, /snap remove docker/],
  [
    "a storage driver that copies",
    withServer({ storageDriver: "vfs" }),
    "warning",
    /^Docker: .*vfs, which is slow and copies/,
    /"storage-driver": "overlay2"/,
  ],
  [
    "control groups version 2",
    { ...withServer({ cgroupVersion: 2 }), cgroupVersion: 2 },
    "warning",
    /^Control groups: version 2/,
    /systemd\.unified_cgroup_hierarchy=0/,
  ],
  [
    "2 GiB of memory",
    { memory: { totalMiB: 2_000, availableMiB: 1_500 } },
    "problem",
    /^Memory: 1\.5 GiB available of 2\.0 GiB/,
    /more memory/,
  ],
  [
    "busy memory",
    { memory: { totalMiB: 8_000, availableMiB: 2_048 } },
    "warning",
    /^Memory: 2\.0 GiB available/,
    /End other/,
  ],
  [
    "a full disk",
    onlyDisk(900),
    "problem",
    /^Disk: 0\.9 GiB free for tools .*, Docker .*first start needs 6\.0/,
    /docker system prune/,
  ],
  [
    "a disk that is full at a later start",
    { ...onlyDisk(900), isFirstStart: false },
    "problem",
    /a start needs 1\.0 GiB/,
    /XDG_CACHE_HOME/,
  ],
  ["a small disk", onlyDisk(8_000), "warning", /^Disk: 7\.8 GiB free .*built from source/, /XDG_CACHE_HOME/],
  [
    "another program's port",
    { listeningPorts: [22, 8080, 5000] },
    "problem",
    /^Ports: a program listens on 8080, 5000 at/,
    /ss -ltnp 'sport = :8080'/,
  ],
  [
    "a VPN that has the droplets' addresses",
    { routes: ["198.18.0.0/15"] },
    "problem",
    /^Addresses: every network/,
    /ip route/,
  ],
  [
    "a proxy that is none",
    { proxy: { variable: "HTTPS_PROXY", url: "proxy:3128" } },
    "problem",
    /^Proxy: HTTPS_PROXY is "proxy:3128"/,
    /export HTTPS_PROXY=/,
  ],
  [
    "a proxy that Docker does not know",
    { proxy: { variable: "https_proxy", url: "http://proxy:3128" } },
    "warning",
    /^Proxy: https_proxy .*Docker/,
    /"https-proxy": "http:\/\/proxy:3128"/,
  ],
];

const complaints = (machine: Partial<Facts>) =>
  judge({ ...good, ...machine }).filter(({ level }) => level !== "ok");

describe("the doctor", () => {
  test("finds nothing wrong with a good machine", () => {
    expect(complaints({})).toEqual([]);
    expect(judge(good).map(({ subject }) => subject)).toEqual([
      ...["System", "Kernel", "Rights", "Node", "Docker", "Control groups", "Memory", "Disk", "Disk"],
      ...["Ports", "Addresses", "Proxy"],
    ]);
  });

  test.each(badMachines)("says of %s what is wrong and what mends it", (_, machine, level, text, mend) => {
    const found = complaints(machine);
    expect(found).toHaveLength(1);
    expect(found[0]!.level).toBe(level);
    expect(`${found[0]!.subject}: ${found[0]!.text}`).toMatch(text);
    expect(found[0]!.mend).toMatch(mend);
  });

  test("says all that is wrong at once", () => {
    const docker = { hasClient: false, hasDaemon: false };
    const found = complaints({ isRoot: false, distributions: ["fedora"], docker });
    expect(found.map(({ subject, level }) => [subject, level])).toEqual([
      ["System", "warning"],
      ["Rights", "problem"],
      ["Docker", "problem"],
    ]);
    expect(found[2]!.mend).toBe("Install Docker Engine: https://docs.docker.com/engine/install/");
  });

  test.each<[string, Partial<Facts>]>([
    ["Debian without Docker, which is installed", { docker: { hasClient: false, hasDaemon: false } }],
    ["a Docker that is not running", { docker: { hasClient: true, hasDaemon: true, problem: "no socket" } }],
    [
      "a sandbox that uses the memory",
      { isFirstStart: false, memory: { totalMiB: 8_000, availableMiB: 500 } },
    ],
    ["a disk for what is downloaded already", { ...onlyDisk(3_000), isFirstStart: false }],
    ["one free network", { routes: Array.from({ length: 255 }, (_, slot) => publicNetwork(slot).cidr) }],
    [
      "a proxy that Docker knows",
      { proxy: { variable: "HTTPS_PROXY", url: "http://p:1" }, ...withServer({ proxy: "http://p:1" }) },
    ],
  ])("has nothing against %s", (_, machine) => {
    expect(complaints(machine)).toEqual([]);
  });

  test("counts every network of the sandbox's range", () => {
    const routes = Array.from({ length: 256 }, (_, slot) => publicNetwork(slot).cidr);
    expect(complaints({ routes }).map(({ subject }) => subject)).toEqual(["Addresses"]);
  });

  test("knows the ports of the sandbox's services", () => {
    for (const port of Object.values(ports))
      expect(complaints({ listeningPorts: [port] }).map(({ subject }) => subject)).toEqual(["Ports"]);
  });

  test("prints what mends a finding below it", () => {
    expect(findingsText(complaints({ isRoot: false }))).toBe(
      "✖ Rights: not root, and the sandbox makes bridges, firewall rules and loop devices\n    `sudo --preserve-env npm start`",
    );
  });
});
