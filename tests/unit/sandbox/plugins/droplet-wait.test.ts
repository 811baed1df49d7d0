import { describe, expect, test } from "vitest";
import { waitForDroplet } from "../../../../sandbox/offline/plugins/digitalocean/droplet-wait.ts";
import type { Properties } from "../../../../providers/engine/values.ts";

const active = { property: "status", value: "active" } as const;
const never = new AbortController().signal;
const atOnce = { delay: 0, interval: 0, longest: 0 };

/** Answers with what `answers` says, over and over with the last one, and counts. */
function droplets(answers: readonly (Properties | undefined)[]) {
  const client = {
    looks: 0,
    find: () => {
      const droplet = answers[Math.min(client.looks, answers.length - 1)];
      client.looks += 1;
      return Promise.resolve(droplet && { droplet });
    },
  };
  return client;
}
const absent = (times: number): undefined[] => Array<undefined>(times).fill(undefined);

describe("the wait for a droplet", () => {
  test("in a creation takes one that is not there for late", async () => {
    const client = droplets([...absent(120), { status: "new" }, ...absent(120), { status: "active" }]);
    expect(await waitForDroplet(client, "7", { ...active, in: "creation" }, never, atOnce)).toEqual({
      status: "active",
    });
  });

  test("in a creation fails when it has been missed more than 120 times in a row", async () => {
    const client = droplets([{ status: "new" }, ...absent(1)]);
    await expect(waitForDroplet(client, "7", { ...active, in: "creation" }, never, atOnce)).rejects.toThrow(
      "droplet 7 was not found, 121 times",
    );
    expect(client.looks).toBe(122);
  });

  test("in a change fails at once when it is not there", async () => {
    const client = droplets([{ status: "off" }, ...absent(1)]);
    await expect(waitForDroplet(client, "7", { ...active, in: "change" }, never, atOnce)).rejects.toThrow(
      "droplet 7 was not found",
    );
    expect(client.looks).toBe(2);
  });

  test("goes on while it is locked", async () => {
    const client = droplets([{ status: "active", locked: true }, { status: "active" }]);
    await waitForDroplet(client, "7", { ...active, in: "creation" }, never, atOnce);
    expect(client.looks).toBe(2);
  });
});
