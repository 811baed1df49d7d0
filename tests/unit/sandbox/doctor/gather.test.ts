import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  distributions,
  dockerServer,
  gatherFacts,
  listeningPorts,
  mayAdministerNetwork,
  proxyOf,
  routes,
} from "../../../../sandbox/doctor/gather.mjs";

describe("facts about a machine", () => {
  test("name a distribution and those that it is like", () => {
    expect(
      distributions('PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nVERSION_ID="24.04"\nID_LIKE="debian"\n'),
    ).toEqual(["ubuntu", "debian"]);
    expect(distributions("")).toEqual([]);
  });

  test.each([
    ["000001ffffffffff", true],
    ["00000000a80425fb", false],
    ["0000000000001000", false],
  ])("tell root's capabilities %s", (effective, may) => {
    expect(mayAdministerNetwork(`Name:\tnode\nCapEff:\t${effective}\nCapBnd:\t0\n`)).toBe(may);
  });

  test("name the ports that are taken at every address", () => {
    const text = `  sl  local_address rem_address   st tx_queue
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1389 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 00000000:0016 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
`;
    expect(listeningPorts(text)).toEqual([8080, 22]);
  });

  test("name the networks that have a route, but for the default one", () => {
    const text = `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0
ppub\t000412C6\t00000000\t0001\t0\t0\t0\t00FEFFFF\t0\t0\t0
`;
    expect(routes(text)).toEqual(["198.18.4.0/23"]);
  });

  test("name a proxy without its password", () => {
    expect(proxyOf({ HTTPS_PROXY: "http://me:secret@proxy:3128" })).toEqual({
      variable: "HTTPS_PROXY",
      url: "http://proxy:3128",
    });
    expect(proxyOf({ https_proxy: "", NO_PROXY: "x" })).toEqual({});
  });

  test.each([
    [
      { ServerVersion: "28.5.1", Driver: "overlay2", OperatingSystem: "Debian", CgroupVersion: "2" },
      "engine",
      2,
    ],
    [
      { ServerVersion: "28.5.1", Driver: "overlayfs", OperatingSystem: "Docker Desktop", CgroupVersion: "2" },
      "desktop",
      2,
    ],
    [
      {
        ServerVersion: "28.5.1",
        Driver: "overlay2",
        SecurityOptions: ["name=seccomp", "name=rootless"],
        CgroupVersion: "1",
      },
      "rootless",
      1,
    ],
    [
      {
        ServerVersion: "27.2.0",
        Driver: "overlay2",
        DockerRootDir: "/var/snap/docker/common/var-lib-docker",
      },
      "snap",
      undefined,
    ],
    [
      { host: { cgroupVersion: "v2" }, store: { graphDriverName: "overlay" }, version: { Version: "5.4.0" } },
      "podman",
      2,
    ],
  ])("tell what kind of Docker says %j", (info, kind, cgroupVersion) => {
    const server = dockerServer(info);
    expect([server?.kind, server?.cgroupVersion]).toEqual([kind, cgroupVersion]);
  });

  test("take a client without a daemon for no Docker", () => {
    expect(dockerServer({ ServerVersion: "", ServerErrors: ["Cannot connect"] })).toBeUndefined();
  });

  test("are found on this machine", async () => {
    const facts = await gatherFacts(path.resolve(import.meta.dirname, "../../../.."), {
      ...process.env,
      PATH: "/nonexistent",
      XDG_CACHE_HOME: "/nonexistent",
    });
    expect(facts).toMatchObject({
      platform: process.platform,
      nodeVersion: process.versions.node,
      docker: { hasClient: false },
      isFirstStart: true,
    });
    expect(facts.disks.every(({ freeMiB }) => freeMiB > 0)).toBe(true);
    expect(facts.memory.totalMiB).toBeGreaterThan(100);
  });
});
