// @ts-check
import { ok, problem } from "./finding.mjs";

/** @import { Facts } from "./facts.ts" */

/** Ports of the sandbox's services, by what they are for. */
export const servicePorts = {
  digitalocean: 8080,
  mackerel: 8081,
  downloads: 8082,
  metadata: 8083,
  acme: 8084,
  acmeManagement: 8085,
  spaces: 8086,
  dns: 53,
  apt: 3142,
  registry: 5000,
};

/** Range that the sandbox's public networks are taken from, /23 each. */
const publicRange = { cidr: "198.18.0.0/15", networks: 256 };

/** @param {Facts} facts */
export function judgePorts({ listeningPorts }) {
  const subject = "Ports";
  const taken = Object.values(servicePorts).filter((port) => listeningPorts.includes(port));
  if (taken.length === 0) return ok(subject, `free: ${Object.values(servicePorts).join(", ")}`);
  return problem(
    subject,
    `a program listens on ${taken.join(", ")} at every address, where the sandbox's services listen at one`,
    `\`ss -ltnp 'sport = :${taken[0]}'\` says which; end it, or bind it to 127.0.0.1`,
  );
}

/** @param {Facts} facts */
export function judgeRoutes({ routes }) {
  const subject = "Addresses";
  const taken = new Set(
    Array.from({ length: publicRange.networks }, (_, slot) => slot).filter((slot) =>
      routes.some((route) => overlapsNetwork(route, slot)),
    ),
  );
  const free = publicRange.networks - taken.size;
  if (free > 0) return ok(subject, `${free} of ${publicRange.networks} networks of ${publicRange.cidr} free`);
  return problem(
    subject,
    `every network of ${publicRange.cidr}, where droplets get their addresses, has a route already`,
    "`ip route show table all` shows them; end the VPN or the sandboxes of other clones that made them",
  );
}

/**
 * Whether a route leads to an address of one of the public networks.
 * @param {string} route
 * @param {number} slot
 */
function overlapsNetwork(route, slot) {
  const [address = "", bits = "32"] = route.split("/");
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(numberOf(address) / size) * size;
  const networkFirst = numberOf("198.18.0.0") + slot * 512;
  return first < networkFirst + 512 && networkFirst < first + size;
}

/** @param {string} address */
const numberOf = (address) => address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
