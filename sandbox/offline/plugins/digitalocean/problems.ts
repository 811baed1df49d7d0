import { isIP, isIPv4 } from "node:net";
import { text } from "../../../../providers/engine/values.ts";
import type { Value } from "../../../../providers/engine/values.ts";

/** Why a value is wrong, or undefined. */
type Problem = (value: Value) => string | undefined;

export const emptyText: Problem = (value) => (text(value) === "" ? "must not be empty" : undefined);

/** The first problem of an element, with the element's index. */
export const ofElements =
  (problem: Problem): Problem =>
  (value) => {
    for (const [index, item] of (Array.isArray(value) ? value : []).entries()) {
      const found = problem(item);
      if (found !== undefined) return `element ${index} ${found}`;
    }
    return undefined;
  };

/** "ext4" and "xfs" are what DigitalOcean formats a volume with. */
export const notFilesystem: Problem = (value) =>
  ["ext4", "xfs"].includes(text(value)) ? undefined : "has to be ext4 or xfs";

export const notTag: Problem = (value) =>
  /^[a-zA-Z0-9:\-_]{1,255}$/.test(text(value))
    ? undefined
    : "may contain letters, numbers, colons, dashes and underscores, 255 at most";

export const notCidr: Problem = (value) => {
  const [address = "", length = "", ...rest] = text(value).split("/");
  const longest = isIPv4(address) ? 32 : 128;
  const valid = isIP(address) !== 0 && /^\d{1,3}$/.test(length) && Number(length) <= longest;
  return valid && rest.length === 0 ? undefined : "has to be a CIDR such as 10.0.0.0/24";
};

export const notIpv4: Problem = (value) => (isIPv4(text(value)) ? undefined : "has to be an IPv4 address");

export const zero: Problem = (value) => (value === 0 ? "must not be zero" : undefined);
