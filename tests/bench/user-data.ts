/** User-data of one droplet as it goes to DigitalOcean. */
export interface UserData {
  readonly droplet: string;
  readonly bytes: number;
}

interface Deployment {
  readonly deployment?: {
    readonly resources?: readonly {
      readonly type: string;
      readonly inputs?: { readonly name?: unknown; readonly userData?: unknown };
    }[];
  };
}

/** The text of a value of an exported stack; a secret that was exported in the clear is JSON in a wrapper. */
function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return undefined;
  const { plaintext } = value as { plaintext?: unknown };
  if (typeof plaintext !== "string") return undefined;
  const inner: unknown = JSON.parse(plaintext);
  return typeof inner === "string" ? inner : undefined;
}

/** Sizes of the droplets' user-data in what `pulumi stack export --show-secrets` printed. */
export function userDataSizes(stackExport: string): UserData[] {
  const { deployment } = JSON.parse(stackExport) as Deployment;
  return (deployment?.resources ?? [])
    .filter((resource) => resource.type === "digitalocean:index/droplet:Droplet")
    .map(({ inputs }) => {
      const droplet = plainText(inputs?.name) ?? "";
      const userData = plainText(inputs?.userData);
      if (userData === undefined) throw new Error(`the stack holds no user-data of droplet [${droplet}]`);
      return { droplet, bytes: Buffer.byteLength(userData) };
    });
}
