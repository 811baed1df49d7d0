import { beforeAll, expect, test } from "vitest";
import { onDroplet, status } from "../../support/sandbox.ts";
import type { Status } from "../../support/status.ts";

// What the tasks of a sandbox's nodes can do there.

/** Of what `docker inspect` prints. */
interface Container {
  Config: { Image: string };
  HostConfig: {
    CapAdd: string[] | null;
    CapDrop: string[] | null;
    SecurityOpt: string[] | null;
    ReadonlyRootfs: boolean;
    PidsLimit: number | null;
  };
}

let first: Status;
beforeAll(async () => {
  first = await status();
});

test("neither a container nor the host's own network can ask the metadata service for user-data", async () => {
  const { name } = first.nodes[0]!;
  const onNode = (script: string) => onDroplet(name, "sh", "-c", script);
  const image = "mackerel/mackerel-agent:0.87.1";
  const container = await onNode(`docker run --detach --rm ${image} sleep 60`);
  const pid = await onNode(`docker inspect --format '{{.State.Pid}}' ${container}`);
  const status = (url: string) => `curl -s -m 3 -o /dev/null -w '%{http_code}' ${url} || true`;
  const metadata = status("http://169.254.169.254/metadata/v1/user-data");
  // The way out is open, so silence is the node's own doing.
  const open = status(`${first.addresses.digitalocean}/v2/account`);
  for (const place of ["", `nsenter --net --target ${pid} `]) {
    expect(await onNode(place + open)).toBe("401");
    expect(await onNode(place + metadata)).toBe("000");
  }
  await onNode(`docker rm --force ${container}`);
});

test("containers have the capabilities that they need, and no process in them a way to more", async () => {
  const found: Record<string, object> = {};
  for (const { name } of first.nodes) {
    const inspected = await onDroplet(name, "sh", "-c", "docker inspect $(docker ps -q)");
    for (const { Config, HostConfig } of JSON.parse(inspected) as Container[])
      found[Config.Image.split(":")[0]!] = {
        dropped: HostConfig.CapDrop,
        added: HostConfig.CapAdd?.map((capability) => capability.replace("CAP_", "")).sort() ?? [],
        options: HostConfig.SecurityOpt,
        readOnly: HostConfig.ReadonlyRootfs,
        pidsLimit: HostConfig.PidsLimit,
      };
  }
  const common = { dropped: ["ALL"], options: ["no-new-privileges"] };
  expect(found).toEqual({
    nginx: {
      ...{ ...common, readOnly: true, pidsLimit: 128 },
      added: ["CHOWN", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"],
    },
    ghost: {
      ...{ ...common, readOnly: false, pidsLimit: 512 },
      added: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"],
    },
    "mackerel/mackerel-agent": { ...common, added: [], readOnly: false, pidsLimit: 256 },
  });
});
