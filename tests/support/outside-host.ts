import { execa } from "execa";
import { publicBridge } from "../../sandbox/droplets/names.ts";
import { settings } from "./sandbox.ts";

/** A machine on the sandbox's Internet that is none of its operators. */
export interface OutsideHost {
  /** Exit code of a TCP connection attempt: 0 if somebody accepts it. */
  connect(address: string, port: number): Promise<number>;
  /** What curl prints with these arguments; fails as it does. */
  curl(...args: string[]): Promise<string>;
  /** The TCP ports, of all 65,535, that somebody accepts a connection at, of each address. */
  openPorts(addresses: readonly string[]): Promise<Record<string, number[]>>;
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
    async curl(...args) {
      const timeout = ["--silent", "--show-error", "--max-time", "20", "--noproxy", "*"];
      return (await execa("ip", ["netns", "exec", name, "curl", ...timeout, ...args])).stdout;
    },
    async openPorts(addresses) {
      // A firewall drops what it refuses: no port is waited for longer than its turn and one more try.
      const speed = ["--min-rate", "30000", "--max-retries", "1"];
      const { stdout } = await execa("ip", [
        "netns",
        "exec",
        name,
        "nmap",
        "-n",
        "-Pn",
        "-sS",
        "-p-",
        "-oG",
        "-",
        ...speed,
        ...addresses,
      ]);
      return openPortsOf(stdout);
    },
    async remove() {
      await ip("netns", "delete", name);
    },
  };
}

/** What nmap's "grepable" output lists as open, by address. */
function openPortsOf(output: string): Record<string, number[]> {
  return Object.fromEntries(
    [...output.matchAll(/^Host: (\S+) .*\tPorts: ([^\t\n]*)/gm)].map(([, address, ports]) => [
      address!,
      [...ports!.matchAll(/(\d+)\/open\/tcp\//g)].map(([, port]) => Number(port)),
    ]),
  );
}
