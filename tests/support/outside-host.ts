import { execa } from "execa";
import { publicBridge } from "../../sandbox/droplets/names.ts";
import { settings } from "./sandbox.ts";

/** A machine on the sandbox's Internet that is none of its operators. */
export interface OutsideHost {
  /** Exit code of a TCP connection attempt: 0 if somebody accepts it. */
  connect(address: string, port: number): Promise<number>;
  remove(): Promise<void>;
}

/** Makes one in a network namespace of its own, with `address`, such as `198.18.0.250/23`. */
export async function outsideHost(address: string): Promise<OutsideHost> {
  const name = `out-${settings.id}`;
  const inside = `${name.slice(0, 11)}-i`;
  const ip = (...args: string[]) => execa("ip", args);
  await ip("netns", "add", name);
  await ip("link", "add", name, "type", "veth", "peer", "name", inside, "netns", name);
  await ip("link", "set", name, "master", publicBridge(settings.id), "up");
  await ip("-n", name, "address", "add", address, "dev", inside);
  await ip("-n", name, "link", "set", inside, "up");
  return {
    async connect(target, port) {
      const attempt = `exec 3<>/dev/tcp/${target}/${port}`;
      const { exitCode } = await execa("ip", ["netns", "exec", name, "timeout", "3", "bash", "-c", attempt], {
        reject: false,
      });
      return exitCode ?? -1;
    },
    async remove() {
      await ip("netns", "delete", name);
    },
  };
}
