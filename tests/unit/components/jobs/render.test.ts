import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nanoseconds } from "../../../../components/duration.ts";
import type { ContainerSecurity } from "../../../../components/jobs/spec/container-security.ts";
import { serviceTaskGroup, taskGroup } from "../../../../components/jobs/spec/job.ts";
import { serviceJob, systemJob } from "../../../../components/jobs/spec/render.ts";
import { checkImage } from "../../../../components/jobs/spec/validation.ts";

const resources = { cpu: 100, memory: 64 };
const task = { image: "nginx:1.30.0", resources };

describe("a rendered job", () => {
  test("of type system has no count, spread or reschedule policy", () => {
    const job = systemJob({
      id: "agent",
      datacenters: ["sgp1"],
      groups: { agent: taskGroup({ tasks: { agent: task } }) },
    });
    expect(job).toMatchObject({
      ID: "agent",
      Name: "agent",
      Type: "system",
      Priority: 50,
      Datacenters: ["sgp1"],
    });
    expect(Object.keys(job.TaskGroups[0]!)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/Count|Spreads|ReschedulePolicy/)]),
    );
  });

  test("of type service has its count, spread and reschedule policy", () => {
    const job = serviceJob({
      id: "web",
      priority: 80,
      datacenters: ["sgp1"],
      groups: {
        web: serviceTaskGroup({
          count: 2,
          spread: { attribute: "${node.unique.id}", weight: 100 },
          reschedule: { delay: "30s", maxDelay: "1h" },
          tasks: { web: task },
        }),
      },
    });
    expect(job).toMatchObject({
      Type: "service",
      Priority: 80,
      TaskGroups: [
        { Count: 2, Spreads: [{ Weight: 100 }], ReschedulePolicy: { MaxDelay: 3_600_000_000_000 } },
      ],
    });
  });

  test("has static ports in ReservedPorts and the others in DynamicPorts", () => {
    const group = taskGroup({
      ports: { http: { static: 80, to: 8080 }, admin: {} },
      tasks: { web: { ...task, ports: ["http"] } },
    });
    const [rendered] = systemJob({ id: "web", datacenters: ["sgp1"], groups: { web: group } }).TaskGroups;
    expect(rendered!.Networks).toEqual([
      {
        Mode: "host",
        ReservedPorts: [{ Label: "http", Value: 80, To: 8080 }],
        DynamicPorts: [{ Label: "admin" }],
      },
    ]);
    expect(rendered!.Tasks[0]!.Config.ports).toEqual(["http"]);
  });

  test("registers services with Nomad, not with Consul", () => {
    const group = taskGroup({
      ports: { http: {} },
      services: [{ name: "web", port: "http" }],
      tasks: { web: task },
    });
    expect(
      systemJob({ id: "web", datacenters: ["a"], groups: { web: group } }).TaskGroups[0]!.Services,
    ).toEqual([{ Name: "web", Provider: "nomad", PortLabel: "http" }]);
  });

  test("turns a command on change into Nomad's script, which never fails the task", () => {
    const templates = [
      {
        text: "a",
        destination: "local/a",
        onChange: { command: "/bin/reload", args: ["now"], timeout: "2s" as const },
        splay: "0s" as const,
      },
      { text: "b", destination: "local/b" },
    ];
    const group = taskGroup({ tasks: { web: { ...task, templates } } });
    expect(
      systemJob({ id: "web", datacenters: ["a"], groups: { web: group } }).TaskGroups[0]!.Tasks[0]!.Templates,
    ).toEqual([
      {
        EmbeddedTmpl: "a",
        DestPath: "local/a",
        Perms: "0644",
        ChangeMode: "script",
        ChangeScript: { Command: "/bin/reload", Args: ["now"], Timeout: 2e9, FailOnError: false },
        Splay: 0,
      },
      { EmbeddedTmpl: "b", DestPath: "local/b", Perms: "0644", ChangeMode: "restart" },
    ]);
  });

  test("refuses an image that is not pinned", () => {
    const group = taskGroup({ tasks: { web: { ...task, image: "nginx" } } });
    expect(() => systemJob({ id: "web", datacenters: ["sgp1"], groups: { web: group } })).toThrow(
      '"nginx" has no tag',
    );
  });
});

describe("a duration", () => {
  test.each([
    ["250ms", 250_000_000],
    ["10s", 10_000_000_000],
    ["5m", 300_000_000_000],
    ["2h", 7_200_000_000_000],
  ])("of %s is %i ns", (text, expected) => {
    expect(nanoseconds(text)).toBe(expected);
  });
  test("needs a whole number and a unit", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^\d+(ms|s|m|h)$/.test(text));
        expect(() => nanoseconds(text)).toThrow("is not a duration");
      }),
    );
  });
});

test.each([
  ["mackerel/mackerel-agent:0.87.1", undefined],
  [`nginx@sha256:${"0".repeat(64)}`, undefined],
  ["registry.example:5000/nginx", "has no tag"],
  ["nginx", "has no tag"],
  ["nginx:latest", "another image every time"],
])("the image %s: %s", (image, reason) => {
  if (reason === undefined) expect(checkImage(image)).toBeUndefined();
  else expect(checkImage(image)).toContain(reason);
});

describe("what a container may do on its node", () => {
  const config = (security: ContainerSecurity) =>
    systemJob({
      ...{ id: "agent", datacenters: ["sgp1"] },
      groups: { agent: taskGroup({ tasks: { agent: { ...task, security } } }) },
    }).TaskGroups[0]!.Tasks[0]!.Config;

  test("is the driver's own default where nothing is said", () => {
    expect(Object.keys(config({}))).toEqual(["image"]);
  });

  test.each([
    [{ capabilities: [] }, { cap_drop: ["all"] }],
    [
      { capabilities: ["NET_BIND_SERVICE", "KILL"] },
      { cap_drop: ["all"], cap_add: ["net_bind_service", "kill"] },
    ],
    [{ noNewPrivileges: true }, { security_opt: ["no-new-privileges"] }],
    [{ noNewPrivileges: false }, {}],
    [{ readOnlyRoot: true }, { readonly_rootfs: true }],
    [
      { temporary: { "/run": 16 } },
      { mount: [{ type: "tmpfs", target: "/run", tmpfs_options: { size: 16_777_216 } }] },
    ],
    [{ pidsLimit: 64 }, { pids_limit: 64 }],
    [{ ulimits: { nofile: "1024:4096" } }, { ulimit: [{ nofile: "1024:4096" }] }],
  ] satisfies [ContainerSecurity, object][])("%j is %j of the docker driver", (security, expected) => {
    expect(config(security)).toEqual({ image: task.image, ...expected });
  });

  test("is no capability that Nomad's clients do not give", () => {
    expect(() => config({ capabilities: ["NET_RAW"] })).toThrow('"NET_RAW" is not a capability that a');
  });

  test("and its user is the task's", () => {
    const groups = { agent: taskGroup({ tasks: { agent: { ...task, user: "nobody" } } }) };
    expect(systemJob({ id: "agent", datacenters: ["sgp1"], groups }).TaskGroups[0]!.Tasks[0]).toMatchObject({
      User: "nobody",
    });
  });
});
