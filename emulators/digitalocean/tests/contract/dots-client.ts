import { FetchRequestAdapter } from "@microsoft/kiota-http-fetchlibrary";

/**
 * The calls of DigitalOcean's own client that the tests make. The package ships TypeScript sources that the strict
 * settings here refuse, so it is loaded by a name that the compiler does not follow, and typed by this.
 */
export interface DotsClient {
  readonly v2: {
    readonly account: {
      get(): Promise<{ account: { dropletLimit: number; status: string } }>;
      readonly keys: {
        post(body: {
          name: string;
          publicKey: string;
        }): Promise<{ sshKey: { id: number; fingerprint: string } }>;
        bySsh_key_identifier(id: number | string): { get(): Promise<{ sshKey: { name: string } }> };
      };
    };
    readonly sizes: {
      get(options: PageOptions): Promise<{ sizes: { slug: string; priceMonthly: number }[] }>;
    };
    readonly regions: {
      get(options: PageOptions): Promise<{ regions: { slug: string; sizes: string[] }[] }>;
    };
    readonly images: { get(options: PageOptions): Promise<{ images: { slug: string }[] }> };
    readonly tags: {
      post(body: { name: string }): Promise<{ tag: { name: string } }>;
      byTag_id(name: string): { get(): Promise<{ tag: { resources: { count: number } } }> };
    };
    readonly vpcs: {
      post(body: object): Promise<{ vpc: { id: string; ipRange: string; defaultEscaped: boolean } }>;
      byVpc_id(id: string): { delete(): Promise<void> };
    };
    readonly droplets: {
      post(
        body: object,
      ): Promise<{ droplet: DotsDroplet; links: { actions: { id: number; rel: string }[] } }>;
      get(options?: PageOptions): Promise<{ droplets: DotsDroplet[]; meta: { total: number } }>;
      byDroplet_id(id: number): {
        get(): Promise<{ droplet: DotsDroplet }>;
        delete(): Promise<void>;
        readonly actions: {
          post(body: { type: string; name?: string }): Promise<{ action: DotsAction }>;
          get(): Promise<{ actions: DotsAction[] }>;
        };
      };
    };
    readonly actions: { byAction_id(id: number): { get(): Promise<{ action: DotsAction }> } };
    readonly firewalls: {
      post(body: object): Promise<{ firewall: { id: string; status: string } }>;
      byFirewall_id(id: string): {
        get(): Promise<{ firewall: { status: string; inboundRules: { ports: string }[] } }>;
        delete(): Promise<void>;
      };
    };
    readonly reserved_ips: {
      post(body: object): Promise<{ reservedIp: { ip: string } }>;
      byReserved_ip(ip: string): {
        get(): Promise<{ reservedIp: { ip: string; droplet?: { id: number } | null } }>;
        delete(): Promise<void>;
        readonly actions: {
          post(body: { type: string; dropletId?: number }): Promise<{ action: DotsAction }>;
        };
      };
    };
  };
}

interface PageOptions {
  readonly queryParameters: { readonly perPage?: number; readonly page?: number; readonly tagName?: string };
}

export interface DotsAction {
  readonly id: number;
  readonly status: string;
  readonly type: string;
}

export interface DotsDroplet {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly locked: boolean;
  readonly tags: string[];
  readonly vpcUuid: string;
  readonly networks: { readonly v4: { readonly ipAddress: string; readonly type: string }[] };
}

interface DotsModule {
  readonly createDigitalOceanClient: (adapter: FetchRequestAdapter) => DotsClient;
  readonly DigitalOceanApiKeyAuthenticationProvider: new (
    token: string,
  ) => ConstructorParameters<typeof FetchRequestAdapter>[0];
}

const moduleName: string = "@digitalocean/dots";

/** The official client, pointed at `url`. */
export async function dotsClient(url: string, token: string): Promise<DotsClient> {
  const dots = (await import(moduleName)) as DotsModule;
  const adapter = new FetchRequestAdapter(new dots.DigitalOceanApiKeyAuthenticationProvider(token));
  adapter.baseUrl = url;
  return dots.createDigitalOceanClient(adapter);
}
