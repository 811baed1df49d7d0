import { describe, expect, it } from "vitest";
import { statusReport } from "../../../../sandbox/status/status-report.ts";
import type { StatusSources } from "../../../../sandbox/status/status-report.ts";
import { statusText } from "../../../../sandbox/status/status-text.ts";
import { reportingHosts } from "../../../../sandbox/status/wait-for-agents.ts";

const allocation = (node: string, desired: string, status: string, job = "mackerel") => ({
  JobID: job,
  Namespace: "default",
  NodeName: node,
  DesiredStatus: desired,
  ClientStatus: status,
  NextAllocation: "",
  TaskStates: null,
});
const started = { agent: { Events: [{ DisplayMessage: "Received" }, { DisplayMessage: "Started" }] } };

const sources: StatusSources = {
  outputs: {
    nodes: [
      { name: "server-2-12", publicIp: "198.18.0.3", privateIp: "10.104.0.3", reservedIp: "198.18.1.3" },
      { name: "client-1-13", publicIp: "198.18.0.4", privateIp: "10.104.0.4", reservedIp: null },
    ],
    nomadAddress: "https://198.18.1.3:4646",
    caCertificate: "pem",
    managementToken: "secret-token",
    blogAddresses: ["http://198.18.1.3", "http://198.18.1.4"],
  },
  nomad: {
    nodes: [
      { Name: "server-2-12", Status: "ready" },
      { Name: "server-2-7", Status: "down" },
    ],
    jobs: [{ ID: "mackerel", Namespace: "default", Type: "system", Priority: 50, Status: "running" }],
    allocations: [
      { ...allocation("server-2-12", "run", "running"), TaskStates: started },
      allocation("server-2-12", "stop", "complete"),
      allocation("server-2-7", "stop", "lost"),
      // Nomad goes on wanting a system job's allocation that failed and was replaced.
      { ...allocation("client-1-13", "run", "failed"), NextAllocation: "4e3685f1" },
      allocation("client-1-13", "run", "pending"),
      allocation("client-1-13", "run", "running", "nginx"),
      { ...allocation("client-1-13", "run", "running"), Namespace: "other" },
    ],
  },
  hosts: [
    {
      id: "h1",
      name: "server-2",
      roles: ["lorentzca:nomad-cluster"],
      status: "working",
      lastMetricAt: 1790000000,
    },
    { id: "h2", name: "client-1", roles: [], status: "working", lastMetricAt: undefined },
  ],
  blog: [
    { address: "http://198.18.1.3", httpStatus: 200 },
    { address: "http://198.18.1.4", httpStatus: null },
  ],
  services: { digitalocean: "http://198.18.0.1:8080", mackerel: "http://198.18.0.1:8081" },
  plugins: [
    { name: "pulumi-resource-digitalocean", version: "4.80.1", path: "/p", origin: "official" },
    { name: "pulumi-language-nodejs", version: "3.259.0", path: "/p", origin: "path" },
    { name: "pulumi-resource-nomad", version: "2.6.1", path: "/p", origin: "stand-in" },
  ],
  problems: [],
};

describe("statusReport", () => {
  const report = statusReport(sources);

  it("shows the stack's nodes with what Nomad says of them", () => {
    expect(report.nodes).toEqual([
      {
        name: "server-2-12",
        publicIp: "198.18.0.3",
        privateIp: "10.104.0.3",
        reservedIp: "198.18.1.3",
        nomadStatus: "ready",
      },
      { name: "client-1-13", publicIp: "198.18.0.4", privateIp: "10.104.0.4", nomadStatus: "absent" },
    ]);
  });

  it("counts for a job the allocations that it is meant to have, with what was said last of their tasks", () => {
    expect(report.jobs).toEqual([
      {
        id: "mackerel",
        type: "system",
        priority: 50,
        status: "running",
        allocations: [
          { node: "client-1-13", status: "pending", lastEvents: [] },
          { node: "server-2-12", status: "running", lastEvents: ["agent: Started"] },
        ],
      },
    ]);
  });

  it("gives the time of a host's last metric, or null before the first", () => {
    expect(report.mackerel.hosts.map(({ lastMetricAt }) => lastMetricAt)).toEqual([
      "2026-09-21T14:13:20.000Z",
      null,
    ]);
  });

  it("names every address of the blog and what it answers", () => {
    expect(report.addresses.blog).toEqual(["http://198.18.1.3", "http://198.18.1.4"]);
    expect(report.blog).toEqual([
      { address: "http://198.18.1.3", httpStatus: 200 },
      { address: "http://198.18.1.4", httpStatus: null },
    ]);
  });

  it("names the blog by its URL where that is what was asked, and by the stack's addresses while it is stopped", () => {
    const blog = [{ address: "https://blog.nomad.test", httpStatus: 200 }];
    expect(statusReport({ ...sources, blog }).addresses.blog).toEqual(["https://blog.nomad.test"]);
    expect(statusReport({ ...sources, blog: undefined }).addresses.blog).toEqual(
      sources.outputs?.blogAddresses,
    );
  });

  it("calls official what came from a release or from PATH", () => {
    expect(report.plugins).toEqual({ digitalocean: "official", nodejs: "official", nomad: "stand-in" });
  });

  it("holds no token", () => {
    expect(JSON.stringify(report)).not.toContain("secret-token");
  });

  it("keeps the stack's nodes when Nomad does not answer", () => {
    const silent = statusReport({ ...sources, nomad: undefined, problems: ["Nomad: no answer in 5 s"] });
    expect(silent.nodes.map(({ nomadStatus }) => nomadStatus)).toEqual(["unknown", "unknown"]);
    expect(silent.jobs).toEqual([]);
    expect(statusText(silent, 0)).toContain("! Nomad: no answer in 5 s");
  });

  it("has every part for a sandbox of which nothing is known", () => {
    expect(statusReport({ plugins: [], problems: ["stopped"] })).toEqual({
      nodes: [],
      jobs: [],
      mackerel: { hosts: [] },
      blog: [],
      addresses: { blog: [], blogUrl: null, nomad: null, digitalocean: null, mackerel: null },
      plugins: {},
      problems: ["stopped"],
    });
  });
});

describe("statusText", () => {
  it("tells an address that answers from one that does not", () => {
    const text = statusText(statusReport(sources), 0);
    expect(text).toContain("http://198.18.1.3 HTTP 200");
    expect(text).toContain("http://198.18.1.4 no answer");
  });

  it("warns of a certificate that ends soon", () => {
    const certificateEndsAt = "1970-01-02T00:00:00.000Z";
    const blog = [{ address: "https://blog.example.com", httpStatus: 200, certificateEndsAt }];
    expect(statusText(statusReport({ ...sources, blog }), 0)).toMatch(
      /^! the certificate of https:\/\/blog\.example\.com ends on 1970-01-02T00:00:00\.000Z, in 1 day$/m,
    );
  });

  it("shows the blog's addresses when none was asked", () => {
    expect(statusText(statusReport({ ...sources, blog: undefined }), 0)).toMatch(/http:\/\/198\.18\.1\.4 +│/);
  });

  it("says how old a metric is, and names the stand-ins", () => {
    const text = statusText(statusReport(sources), (1790000000 + 42) * 1000);
    expect(text).toContain("42 s ago");
    expect(text).toContain("none yet");
    expect(text).toMatch(/cannot be installed here: nomad\./);
  });
});

describe("reportingHosts", () => {
  it.each([
    [119, 1],
    [121, 0],
  ])("counts a host whose metric is %i s old: %i", (age, count) => {
    expect(reportingHosts(sources.hosts ?? [], (1790000000 + age) * 1000)).toBe(count);
  });
});
