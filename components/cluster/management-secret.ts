/** A version 4 UUID (RFC 9562) of 16 random bytes, given as 32 hex digits: the form that Nomad wants of an ACL secret. */
export function uuidOfRandomBytes(hex: string): string {
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new Error("a UUID is made of 16 bytes in 32 lower-case hex digits");
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join("-");
}
