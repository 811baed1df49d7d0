import * as pulumi from "@pulumi/pulumi";
import type { ArgumentIssue } from "./components/validation.ts";
import { formatIssues } from "./components/validation.ts";
import { blogPlatformProblems } from "./components/blog/args.ts";
import { mackerelAgent } from "./components/index.ts";
import type { BlogPlatformArgs, GhostDatabase, GhostMail, HostVolume, NginxTls } from "./components/index.ts";
import { mackerelAgentProblems } from "./components/jobs/monitoring/presets/mackerel-agent.ts";

const defaultRoles = ["lorentzca:nomad-cluster"];

/** The part of `pulumi.Config` that is read here. */
export type ConfigurationSource = Pick<
  pulumi.Config,
  "get" | "getBoolean" | "getNumber" | "getObject" | "getSecret" | "name"
>;

/**
 * Reads and checks a stack's whole configuration; `pulumi config` holds each value under the name that it has here.
 * Throws one error that names every wrong or missing value.
 */
export function loadSettings(config: ConfigurationSource, stack: string): BlogPlatformArgs {
  const problems: ArgumentIssue[] = [];
  const list = <Element>(key: string): Element[] | undefined => {
    const value = config.getObject<unknown>(key);
    if (value === undefined || Array.isArray(value)) return value as Element[] | undefined;
    problems.push({ propertyPath: key, reason: "is not a list" });
    return undefined;
  };
  const secret = (key: string, what: string): pulumi.Output<string> => {
    const value = config.getSecret(key);
    if (value !== undefined) return value;
    problems.push({
      propertyPath: key,
      reason: `is missing; set ${what} by \`pulumi config set --secret ${key}\``,
    });
    return pulumi.secret("");
  };
  /** A group of keys: absent if none of them is set, else complete. */
  const group = <Value>(prefix: string, keys: readonly string[], read: () => Value): Value | undefined =>
    keys.some((key) => config.get(prefix + key) !== undefined) ? read() : undefined;

  const database = group("ghostDatabase", ["Host", "User", "Password", "Name"], (): GhostDatabase =>
    withoutUndefined({
      host: config.get("ghostDatabaseHost") ?? "",
      port: config.getNumber("ghostDatabasePort"),
      user: config.get("ghostDatabaseUser") ?? "",
      password: secret("ghostDatabasePassword", "the database user's password"),
      name: config.get("ghostDatabaseName") ?? "",
      caCertificate: config.get("ghostDatabaseCaCertificate"),
    }),
  );
  const mail = group("ghostMail", ["Host", "User", "Password", "From"], (): GhostMail =>
    withoutUndefined({
      host: config.get("ghostMailHost") ?? "",
      port: config.getNumber("ghostMailPort"),
      secure: config.getBoolean("ghostMailSecure"),
      user: config.get("ghostMailUser") ?? "",
      password: secret("ghostMailPassword", "the mail server's password"),
      from: config.get("ghostMailFrom") ?? "",
    }),
  );
  const tls = group("nginxTls", ["Certificate", "PrivateKey"], (): NginxTls => ({
    certificate: secret("nginxTlsCertificate", "the PEM of the certificate and those that signed it"),
    privateKey: secret("nginxTlsPrivateKey", "the PEM of the certificate's key"),
  }));
  const mackerel = withoutUndefined({
    roles: list<string>("mackerelRoles") ?? defaultRoles,
    image: config.get("mackerelImage"),
    apiUrl: config.get("mackerelApiUrl"),
  });
  const mackerelProblems = mackerelAgentProblems(mackerel);

  const settings: BlogPlatformArgs = withoutUndefined({
    cluster: withoutUndefined({
      clusterName: config.get("clusterName") ?? `nomad-${stack}`,
      region: config.get("region"),
      datacenter: config.get("datacenter"),
      serverCount: config.getNumber("serverCount"),
      clientCount: config.getNumber("clientCount"),
      size: config.get("size"),
      image: config.get("image"),
      vpcIpRange: config.get("vpcIpRange"),
      operatorCidrs: list<string>("operatorCidrs") ?? [],
      allowOperatorsFromAnywhere: config.getBoolean("allowOperatorsFromAnywhere"),
      sshKeys: list<string>("sshKeys"),
      tags: list<string>("tags"),
      nomadVersion: config.get("nomadVersion"),
      nomadSha256: config.get("nomadSha256"),
      nomadDownloadUrl: config.get("nomadDownloadUrl"),
      aptMirror: config.get("aptMirror"),
      dockerRegistryMirrors: list<string>("dockerRegistryMirrors"),
      hostVolumes: list<HostVolume>("hostVolumes"),
      namespaces: list<string>("namespaces"),
      protectVolumes: config.getBoolean("protectVolumes"),
      readyTimeout: config.get("readyTimeout"),
      maxDrain: config.get("maxDrain"),
      joinTimeout: config.get("joinTimeout"),
      replaceUnreachableCluster: config.getBoolean("replaceUnreachableCluster"),
      snapshotDirectory: config.get("snapshotDirectory"),
    }),
    url: config.get("blogUrl"),
    contentSize: config.getNumber("blogContentSize"),
    contentSlot: config.get("blogContentSlot"),
    ghost: withoutUndefined({
      image: config.get("ghostImage"),
      memory: config.getNumber("ghostMemory"),
      cpu: config.getNumber("ghostCpu"),
      database,
      mail,
    }),
    nginx: withoutUndefined({
      type: config.get("nginxType"),
      count: config.getNumber("nginxCount"),
      image: config.get("nginxImage"),
      httpPort: config.getNumber("nginxHttpPort"),
      httpsPort: config.getNumber("nginxHttpsPort"),
      maxBodySize: config.getNumber("nginxMaxBodySize"),
      tls,
    }),
    monitoring: withoutUndefined({
      // One with wrong values cannot be made; what is wrong is told below.
      agent: mackerelAgent(mackerelProblems.length > 0 ? { roles: defaultRoles } : mackerel),
      apiKey: secret("mackerelApiKey", "a key with read and write permission"),
      priority: config.getNumber("mackerelPriority"),
      retireHosts: config.getBoolean("mackerelRetireHosts"),
    }),
  });

  problems.push(
    ...blogPlatformProblems("blog-cluster", settings),
    ...mackerelProblems.map((problem) => ({
      ...problem,
      propertyPath: `monitoring.agent.${problem.propertyPath}`,
    })),
  );
  if (problems.length > 0)
    throw new pulumi.RunError(
      formatIssues(
        `invalid configuration of stack ${stack}`,
        problems.map(({ propertyPath, reason }) => ({
          propertyPath: `${config.name}:${configurationKey(propertyPath)}`,
          reason,
        })),
      ),
    );
  return settings;
}

/** The key of an argument: `nginx.tls.certificate` is set as `nginxTlsCertificate`, the cluster's under their own names. */
function configurationKey(propertyPath: string): string {
  const words = propertyPath
    .replace(/^cluster\./, "")
    .replace(/^monitoring(\.agent)?\./, "mackerel.")
    .replace(/^(url|content\w+)$/, "blog.$1")
    .split(/\.(?=[a-z])/);
  return words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");
}

type WithoutUndefined<Value> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & { [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined> };

/** An unset key is left out, so that the component's own default holds. */
function withoutUndefined<Value extends object>(value: Value): WithoutUndefined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as WithoutUndefined<Value>;
}
