import { describe, expect, test } from "vitest";
import { unprivilegedContainerProblems } from "../../../policies/rules/unprivileged-containers.ts";
import { jobWith } from "./job-with.ts";

describe("unprivileged-containers", () => {
  const problems = (config: object, allowedDevices: string[] = []) =>
    unprivilegedContainerProblems(jobWith({}, config), { allowedDevices, allowedDrivers: [] });
  const ofDriver = (Driver: string, config: object, allowedDrivers: string[] = []) =>
    unprivilegedContainerProblems(jobWith({ Driver }, config), { allowedDevices: [], allowedDrivers });

  test.each([
    ["no setting", {}],
    ["privileged mode turned off", { privileged: false }],
    ["a directory of the task", { volumes: ["local/run:/var/run"] }],
    ["a file of the node", { volumes: ["/etc/localtime:/etc/localtime:ro"] }],
    [
      "a directory whose name only begins like the socket's",
      { volumes: ["/var/runner:/x", "/run/dockerx:/y"] },
    ],
    ["a volume of Docker", { mount: [{ type: "volume", source: "run", target: "/run" }] }],
    ["memory as a mount", { mount: [{ type: "tmpfs", target: "/run" }] }],
    ["namespaces of its own", { pid_mode: "", ipc_mode: "private", userns_mode: "" }],
    ["the network of the node", { network_mode: "host" }],
    ["a capability that Docker gives by itself", { cap_add: ["chown", "NET_BIND_SERVICE"] }],
    ["capabilities taken away", { cap_drop: ["all"] }],
    ["more confinement", { security_opt: ["no-new-privileges", "seccomp=/etc/profile.json"] }],
  ])("takes %s", (_, config) => {
    expect(problems(config)).toEqual([]);
  });

  test.each([
    ["privileged mode", { privileged: true }, /^task web\/server: is privileged/],
    ["privileged mode as a word", { privileged: "true" }, /is privileged/],
    [
      "the socket",
      { volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"] },
      /mounts \/var\/run\/docker\.sock,/,
    ],
    ["the socket by its other path", { volumes: ["/run/docker.sock:/x"] }, /mounts \/run\/docker\.sock/],
    ["the socket of containerd", { volumes: ["/run/containerd:/x"] }, /mounts \/run\/containerd,/],
    ["a directory that has the socket", { volumes: ["/var/run/:/x"] }, /mounts \/var\/run\//],
    ["the root directory", { volumes: ["/:/host:ro"] }, /mounts \/,/],
    ["a path that hides it", { volumes: ["/etc/../var//run/docker.sock:/x"] }, /mounts \/etc/],
    [
      "a path out of the task's directory",
      { volumes: ["../../../../var/run/docker.sock:/x"] },
      /mounts \.\./,
    ],
    ["a bind mount", { mount: [{ type: "bind", source: "/run", target: "/x" }] }, /mounts \/run,/],
    [
      "a bind mount that is no list",
      { mounts: { type: "bind", source: "/run", target: "/x" } },
      /mounts \/run,/,
    ],
    ["a disk", { devices: [{ host_path: "/dev/vda" }] }, /has the device \/dev\/vda, and with a disk/],
    ["a device that is no list", { devices: { host_path: "/dev/mem" } }, /has the device \/dev\/mem,/],
    [
      "a device that only the node can tell",
      { devices: [{ host_path: "${meta.disk}" }] },
      /has the device \$\{meta\.disk\},/,
    ],
    ["the node's processes", { pid_mode: "host" }, /has pid_mode "host", which shows it the processes/],
    ["another container's processes", { pid_mode: "container:0a1b" }, /has pid_mode "container:0a1b"/],
    [
      "the node's shared memory",
      { ipc_mode: "host" },
      /has ipc_mode "host", which gives it the shared memory/,
    ],
    [
      "the node's users",
      { userns_mode: "host" },
      /has userns_mode "host", which makes its root user the node's/,
    ],
    ["a capability", { cap_add: ["SYS_ADMIN"] }, /has the capability SYS_ADMIN/],
    ["every capability", { cap_add: ["all"] }, /has the capability ALL/],
    [
      "a capability by its full name",
      { cap_add: ["chown", "cap_sys_ptrace"] },
      /has the capability SYS_PTRACE/,
    ],
    [
      "every system call",
      { security_opt: ["seccomp=unconfined"] },
      /has the security_opt "seccomp=unconfined"/,
    ],
    ["no AppArmor", { security_opt: ["apparmor:unconfined"] }, /"apparmor:unconfined"/],
  ])("refuses %s", (_, config, reason) => {
    expect(problems(config)).toEqual([expect.stringMatching(reason)]);
  });

  test("takes the devices that the configuration allows, and no other", () => {
    const devices = ["/dev/fuse", "/dev/fuse2"].map((host_path) => ({ host_path }));
    expect(problems({ devices }, ["/dev/fuse"])).toEqual([
      expect.stringContaining("has the device /dev/fuse2,"),
    ]);
  });

  test.each([
    ["podman", { privileged: true }, /is privileged/],
    ["podman", { volumes: ["/run/podman/podman.sock:/x"] }, /mounts \/run\/podman\/podman\.sock,/],
    ["podman", { devices: ["/dev/vda:/dev/x:r"] }, /has the device \/dev\/vda,/],
    ["podman", { userns: "host" }, /has userns "host"/],
    ["podman", { apparmor_profile: "unconfined" }, /has apparmor_profile "unconfined"/],
    ["containerd-driver", { privileged: true }, /is privileged/],
    ["containerd-driver", { mounts: [{ type: "bind", source: "/", target: "/x" }] }, /mounts \/,/],
    ["containerd-driver", { devices: ["/dev/vda"] }, /has the device \/dev\/vda,/],
    ["raw_exec", { command: "/bin/true" }, /runs by raw_exec, on the node itself/],
    ["qemu", { image_path: "local/x.img" }, /runs by qemu, which this policy does not judge/],
  ])("refuses of %s %j", (driver, config, reason) => {
    expect(ofDriver(driver, config)).toEqual([expect.stringMatching(reason)]);
  });

  test("takes the drivers that the configuration allows, and no other", () => {
    expect(ofDriver("exec", { command: "/bin/true" }, ["exec"])).toEqual([]);
    expect(ofDriver("java", { jar_path: "local/x.jar" }, ["exec"])).toHaveLength(1);
  });
});
