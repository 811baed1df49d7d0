import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { nginxPorts, resolveNginxArgs } from "../../../../../components/jobs/nginx/defaults.ts";
import { validateNginx } from "../../../../../components/jobs/nginx/validation.ts";
import { checkServiceName } from "../../../../../components/jobs/spec/validation.ts";
import { Nginx } from "../../../../../components/jobs/nginx/nginx.ts";
import type { NginxArgs } from "../../../../../components/index.ts";
import { testAuthority } from "../../../../support/certificate-authority.ts";
import { nginxJob, nginxSite } from "../../../../support/rendered-jobs.ts";
import { declared, isSecret, plain } from "../../../../support/pulumi/mocked-program.ts";

const plainJob = nginxJob({ datacenter: "sgp1", tls: false });
const tlsJob = nginxJob({ datacenter: "sgp1", tls: true, jobId: "edge" });
const group = plainJob.TaskGroups[0]!;
const task = group.Tasks[0]!;

describe("the nginx job", () => {
  test("runs on every node, before ghost if there is not room for both", () => {
    expect(plainJob).toMatchObject({ ID: "nginx", Type: "system", Priority: 80, Datacenters: ["sgp1"] });
    expect(group).not.toHaveProperty("Count");
  });

  test("changes one node after another", () => {
    expect(plainJob.Update).toMatchObject({ MaxParallel: 1, MinHealthyTime: 10e9 });
  });

  test("takes its port of the node itself, not of the address that Nomad publishes ports on", () => {
    expect(group.Networks).toEqual([
      { Mode: "host", ReservedPorts: [{ Label: "http", Value: 80 }], DynamicPorts: [{ Label: "peers" }] },
    ]);
    expect(task.Config["network_mode"]).toBe("host");
    expect(task.Config).not.toHaveProperty("ports");
  });

  test("as a service job has a count and finds another node when restarts do not help", () => {
    const job = nginxJob({ datacenter: "sgp1", tls: false, type: "service", count: 3 });
    expect(job).toMatchObject({
      Type: "service",
      TaskGroups: [{ Count: 3, RestartPolicy: { Mode: "fail" }, ReschedulePolicy: { Unlimited: true } }],
    });
  });

  test("is asked for its own health on the HTTP port, with TLS too", () => {
    for (const job of [plainJob, tlsJob])
      expect(job.TaskGroups[0]!.Services).toMatchObject([
        { Name: job.ID, PortLabel: "http", Checks: [{ Path: "/nginx-health" }] },
        { Name: `${job.ID}-peers`, PortLabel: "peers" },
      ]);
  });

  test("is reloaded, never restarted, when its upstream or its certificate changes", () => {
    const templates = tlsJob.TaskGroups[0]!.Tasks[0]!.Templates!;
    expect(
      templates.map(({ DestPath, ChangeMode, ChangeScript }) => [
        DestPath,
        ChangeMode,
        ChangeScript?.FailOnError,
      ]),
    ).toEqual([
      ["local/nginx.conf", "script", false],
      ["local/peers-address.conf", "noop", undefined],
      ["local/site.conf", "script", false],
      ["local/holding-page.html", "noop", undefined],
      ["secrets/tls.pem", "script", false],
    ]);
  });

  test("reads the certificate from its own Variable into a file that only root reads", () => {
    expect(tlsJob.TaskGroups[0]!.Networks![0]!.ReservedPorts).toEqual([
      { Label: "http", Value: 80 },
      { Label: "https", Value: 443 },
    ]);
    const [, , , , certificate] = tlsJob.TaskGroups[0]!.Tasks[0]!.Templates!;
    expect(certificate).toMatchObject({ DestPath: "secrets/tls.pem", Perms: "0400" });
    expect(certificate!.EmbeddedTmpl).toContain('nomadVar "nomad/jobs/edge"');
  });

  test("is the same whatever nginx does with requests, so that no change of that restarts it", () => {
    const changed = {
      ...{ adminCidrs: ["192.0.2.0/24"], allowAdminFromAnywhere: true, basePath: "/blog" },
      ...{ cacheSize: 7, clientRequestRate: 7, clientConnections: 7, strictTransportSecurity: "max-age=7" },
      ...{ frameAncestors: ["https://example.com"], socialWeb: true, serverText: "root /;" },
      ...{ trustedProxies: ["192.0.2.0/24"], maxBodySize: 7, holdingPage: "another" },
    };
    expect(nginxJob({ datacenter: "sgp1", tls: false, ...changed })).toEqual(plainJob);
    expect(nginxSite({ tls: false, ...changed })).not.toEqual(nginxSite({ tls: false }));
  });

  test("has a service of its instances whose name Nomad takes, however long its id is", () => {
    const { Services } = nginxJob({ datacenter: "sgp1", tls: false, jobId: "x".repeat(63) }).TaskGroups[0]!;
    expect(checkServiceName(Services![1]!.Name)).toBeUndefined();
  });

  test("ends requests that are under way before it stops", () => {
    // The image's stop signal does it. With a signal of the job's own Nomad cannot kill what has ended already.
    expect(task).not.toHaveProperty("KillSignal");
    expect(task).toMatchObject({ KillTimeout: 30e9 });
    const seconds = /worker_shutdown_timeout (\d+)s;/.exec(task.Templates![0]!.EmbeddedTmpl)?.[1];
    expect(Number(seconds) * 1e9).toBeLessThan(task.KillTimeout!);
  });
});

describe("the ports that nginx answers on", () => {
  test.each([
    [{}, [80]],
    [{ tls: { certificate: "", privateKey: "" } }, [80, 443]],
    [{ httpPort: 8080, httpsPort: 8443 }, [8080]],
    [{ httpPort: 8080, httpsPort: 8443, tls: { certificate: "", privateKey: "" } }, [8080, 8443]],
  ])("of %j are %j", (args, ports) => {
    expect(nginxPorts(resolveNginxArgs(args))).toEqual(ports);
  });

  test("are those that the job reserves and the configuration listens on", () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(port, port, fc.boolean(), (httpPort, httpsPort, tls) => {
        const [first] = nginxJob({ httpPort, httpsPort, tls, datacenter: "sgp1" }).TaskGroups;
        const certificate = { certificate: "", privateKey: "" };
        const ports = nginxPorts(resolveNginxArgs({ httpPort, httpsPort, ...(tls && { tls: certificate }) }));
        const listened = nginxSite({ httpPort, httpsPort, tls })["site"]!.matchAll(/listen (\d+) /g);
        expect([...listened].map(([, value]) => Number(value))).toEqual(ports);
        expect(first!.Networks![0]!.ReservedPorts!.map(({ Value }) => Value)).toEqual(ports);
      }),
    );
  });
});

describe("nginx's arguments", () => {
  const valid: Omit<NginxArgs, "connection"> = {};
  test.each<[string, Partial<NginxArgs>, string[]]>([
    ["another type", { type: "batch" }, ["type"]],
    ["a count of a system job", { count: 3 }, ["count"]],
    ["half an instance", { type: "service", count: 1.5 }, ["count"]],
    ["no instance", { type: "service", count: 0 }, ["count"]],
    ["an image without a version", { image: "nginx:latest" }, ["image"]],
    ["a job id that is no service name", { jobId: "the edge" }, ["jobId"]],
    ["an upstream that would end the template", { upstreamService: '" }}{{' }, ["upstreamService"]],
    ["a priority above Nomad's", { priority: 101 }, ["priority"]],
    ["a body without limit", { maxBodySize: 0 }, ["maxBodySize"]],
    ["memory that is no number", { memory: Number.NaN }, ["memory"]],
    ["an empty holding page", { holdingPage: " \n" }, ["holdingPage"]],
    ["a holding page larger than can be kept", { holdingPage: "\u00e4".repeat(17_000) }, ["holdingPage"]],
    [
      "proxies that are no ranges, or everybody",
      { trustedProxies: ["192.0.2.7", "0.0.0.0/0", "10.0.0.0/8"] },
      ["trustedProxies[0]", "trustedProxies[1]"],
    ],
    ["text that would end the server", { serverText: "} server { listen 81;" }, ["serverText"]],
    ["more text than can be kept", { serverText: "#".repeat(17_000) }, ["serverText"]],
    ["the social web below a path", { socialWeb: true, basePath: "/blog" }, ["socialWeb"]],
    ["a cache of no size", { cacheSize: 0 }, ["cacheSize"]],
    ["no request a second", { clientRequestRate: 0 }, ["clientRequestRate"]],
    ["no connection", { clientConnections: 0 }, ["clientConnections"]],
    ["a path as an origin", { frameAncestors: ["https://example.com/blog"] }, ["frameAncestors[0]"]],
    [
      "a header that would end the configuration",
      { strictTransportSecurity: 'max-age=1"; }' },
      ["strictTransportSecurity"],
    ],
    ["a path that ends with a slash", { basePath: "/blog/" }, ["basePath"]],
    ["a path that would end the configuration", { basePath: '/a" 1;' }, ["basePath"]],
    [
      "administrators that are no ranges, or the whole Internet",
      { adminCidrs: ["192.0.2.7", "192.0.2.7/24", "0.0.0.0/0", "::/0", "192.0.2.7/32"] },
      ["adminCidrs[0]", "adminCidrs[1]", "adminCidrs[2]", "adminCidrs[3]"],
    ],
    ["a delay without a unit", { shutdownDelay: "20" }, ["shutdownDelay"]],
    ["a delay for which no drain waits", { shutdownDelay: "61s" }, ["shutdownDelay"]],
    ["port 0", { httpPort: 0 }, ["httpPort"]],
    ["a port above all ports", { httpsPort: 65_536 }, ["httpsPort"]],
    ["SSH's port", { httpPort: 22 }, ["httpPort"]],
    ["Nomad's ports", { httpPort: 4646, httpsPort: 4648 }, ["httpPort", "httpsPort"]],
    ["a port that Nomad gives away", { httpPort: 20_000 }, ["httpPort"]],
    ["one port for both", { httpPort: 443 }, ["httpsPort"]],
    ["several at once", { type: "x", priority: 0, httpPort: -1 }, ["priority", "type", "httpPort"]],
  ])("refuse %s", (_, args, paths) => {
    expect(validateNginx({ ...valid, ...args }).issues.map(({ propertyPath }) => propertyPath)).toEqual(
      paths,
    );
  });

  test.each<[string, Partial<NginxArgs>]>([
    ["the defaults", {}],
    ["a count of a service job", { type: "service", count: 3 }],
    ["other ports", { httpPort: 8080, httpsPort: 8443 }],
    ["strict transport security", { strictTransportSecurity: "max-age=31536000; includeSubDomains" }],
    ["frames of others", { frameAncestors: ["https://www.example.com", "https://*.example.com:8443"] }],
    ["a proxy", { trustedProxies: ["192.0.2.0/24", "2001:db8::/32"] }],
    ["administrators from everywhere", { adminCidrs: ["0.0.0.0/0"], allowAdminFromAnywhere: true }],
    ["no administrators", { adminCidrs: [] }],
    ["the longest delay", { shutdownDelay: "1m" }],
    ["a blog below a path", { basePath: "/the/blog" }],
    ["a digest", { image: `nginx@sha256:${"a".repeat(64)}` }],
  ])("take %s", (_, args) => {
    expect(validateNginx({ ...valid, ...args }).issues).toEqual([]);
  });
});

describe("Nginx, declared", () => {
  const connection = {
    address: "https://192.0.2.1:4646",
    caCertificate: "CA",
    token: "t",
    datacenter: "sgp1",
  };
  let tls: { certificate: string; privateKey: string };
  beforeAll(async () => {
    tls = await (await testAuthority()).issue("blog.example", ["blog.example"], []);
  });
  /** What the component declared, by type, once the job is there: it is registered last. */
  const nomadResources = async (args: NginxArgs) => {
    const resources = await declared(() => void new Nginx("nginx", args));
    const inputs = (type: string) =>
      resources
        .filter((resource) => resource.type === `nomad:index/${type}`)
        .map((resource) => resource.inputs);
    await vi.waitFor(() => expect(inputs("job:Job")).toHaveLength(1), 15_000);
    return { job: inputs("job:Job")[0]!, variables: inputs("variable:Variable") };
  };

  test("keeps what nginx does with requests in the job's Variable, and no certificate without TLS", async () => {
    const { variables } = await nomadResources({ connection, adminCidrs: ["192.0.2.7/32"] });
    expect(variables).toMatchObject([{ path: "nomad/jobs/nginx" }]);
    expect(plain(variables[0]!["items"])).toEqual(nginxSite({ tls: false, adminCidrs: ["192.0.2.7/32"] }));
  });

  test("trusts proxies that are known later", async () => {
    const { variables } = await nomadResources({
      connection,
      furtherTrustedProxies: pulumi.output(["10.104.0.0/20"]),
    });
    expect(plain(variables[0]!["items"])).toEqual(
      nginxSite({ tls: false, trustedProxies: ["10.104.0.0/20"] }),
    );
  });

  test("keeps the key as a secret in the job's Variable and out of the job", async () => {
    const { job, variables } = await nomadResources({ connection, tls });
    expect(variables).toMatchObject([{ path: "nomad/jobs/nginx" }]);
    expect(isSecret(variables[0]!["items"])).toBe(true);
    expect(plain(variables[0]!["items"])).toMatchObject(tls);
    expect(job["jobspec"]).toBeTypeOf("string");
    expect(job["jobspec"]).not.toContain("PRIVATE KEY");
  });
});
