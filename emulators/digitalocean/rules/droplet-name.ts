const pattern = /^[a-zA-Z0-9]?[a-z0-9A-Z.-]*[a-z0-9A-Z]$/;

/** What is wrong with a droplet's name, or undefined. */
export function dropletNameFault(name: string): string | undefined {
  if (name.length > 255) return "Name is too long (the maximum is 255 characters)";
  if (!pattern.test(name)) return "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)";
  return undefined;
}

const tagPattern = /^[a-zA-Z0-9_\-:]{1,255}$/;

export function isTagName(name: string): boolean {
  return tagPattern.test(name);
}
