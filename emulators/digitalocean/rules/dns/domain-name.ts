const label = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const name = new RegExp(`^${label}(?:\\.${label})+$`);

/** Whether a text in small letters is a name of at least two labels. */
export function isDomainName(text: string): boolean {
  return text.length <= 253 && name.test(text);
}

/** Whether `text` is a name within one of the domains, or "*." and such a name. */
export function isWithin(text: string, domains: readonly string[]): boolean {
  const plain = text.replace(/^\*\./, "");
  return isDomainName(plain) && domains.some((domain) => plain === domain || plain.endsWith(`.${domain}`));
}
