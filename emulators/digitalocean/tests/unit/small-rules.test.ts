import { describe, expect, test } from "vitest";
import { FaultRules } from "../../requests/fault-rules.ts";
import { RateLimiter } from "../../requests/rate-limit.ts";
import { dropletNameFault, isTagName } from "../../rules/droplet-name.ts";
import { sshFingerprint } from "../../rules/ssh-public-key.ts";

describe("names", () => {
  test("droplets are named as hosts are", () => {
    expect(["a", "node-1.example.com", "9x"].map(dropletNameFault)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (const name of ["", "node_1", "node-", "node 1", "ü", "a".repeat(256)]) {
      expect(dropletNameFault(name), name).toBeDefined();
    }
  });

  test("tags hold letters, digits, :, - and _", () => {
    expect(["env:prod", "a_b-c"].map(isTagName)).toEqual([true, true]);
    expect(["", "a b", "a.b", "a".repeat(256)].map(isTagName)).toEqual([false, false, false, false]);
  });
});

describe("SSH fingerprints", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me@here";

  test("do not depend on the comment", () => {
    const fingerprint = sshFingerprint(key);
    expect(fingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
    expect(sshFingerprint(key.replace("me@here", "you"))).toBe(fingerprint);
  });

  test.each(["", "ssh-ed25519", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAABAgME", "hello AAAA"])(
    "[%s] is no key",
    (text) => {
      expect(sshFingerprint(text)).toBeUndefined();
    },
  );
});

describe("rate limit", () => {
  test("the burst limit lets go after a minute, the hourly one counts on", () => {
    const limiter = new RateLimiter({ perHour: 3, perMinute: 2 });
    const take = (now: number) => limiter.take(now, { rateLimitHeaders: true, keyListLimit: true }, false);
    expect(take(0)).toMatchObject({ allowed: true, limit: 3, remaining: 2, reset: 3600 });
    expect(take(10_000).allowed).toBe(true);
    expect(take(20_000)).toMatchObject({ allowed: false, remaining: 0, retryAfter: 40 });
    expect(take(61_000)).toMatchObject({ allowed: true, remaining: 0 });
    expect(take(200_000)).toEqual({ allowed: false, limit: 3, remaining: 0, reset: 3600 });
    expect(take(3_600_001).allowed).toBe(true);
  });

  test("with plain headers the remaining requests are counted, and both limits say when to come back", () => {
    const limiter = new RateLimiter({ perHour: 2, perMinute: 1 });
    const take = (now: number) => limiter.take(now, { rateLimitHeaders: false, keyListLimit: true }, false);
    take(0);
    expect(take(20_000)).toMatchObject({ allowed: false, remaining: 1, retryAfter: 40 });
    take(61_000);
    expect(take(200_000)).toMatchObject({ allowed: false, retryAfter: 3400 });
  });

  test.each([
    [true, false],
    [false, true],
  ])("keys are listed ten times a minute, if the edge is on: %s", (keyListLimit, allowed) => {
    const limiter = new RateLimiter({ perHour: 100, perMinute: 100 });
    const edges = { rateLimitHeaders: true, keyListLimit };
    for (let second = 0; second < 10; second += 1)
      expect(limiter.take(second * 1000, edges, true).allowed).toBe(true);
    expect(limiter.take(10_000, edges, true).allowed).toBe(allowed);
    expect(limiter.take(10_000, edges, false).allowed).toBe(true);
    expect(limiter.take(60_000, edges, true).allowed).toBe(true);
  });
});

describe("fault rules", () => {
  test("strikes so many times from the nth request on, and lets others pass", () => {
    const faults = new FaultRules();
    faults.add({ method: "GET", path: "/v2/droplets/\\d+", kind: "fail-before", nth: 2 });
    faults.add({ path: "/v2/tags", kind: "reset", times: 2 });
    faults.add({ path: "/v2/vpcs", kind: "timeout", nth: 2, times: 2 });
    const strikes = (method: string, path: string) => faults.strike(method, path)?.kind;
    expect([1, 2, 3].map(() => strikes("GET", "/v2/droplets/1"))).toEqual([
      undefined,
      "fail-before",
      undefined,
    ]);
    expect([1, 2, 3].map(() => strikes("POST", "/v2/tags"))).toEqual(["reset", "reset", undefined]);
    expect([1, 2, 3, 4].map(() => strikes("GET", "/v2/vpcs"))).toEqual([
      undefined,
      "timeout",
      "timeout",
      undefined,
    ]);
    expect([strikes("DELETE", "/v2/droplets/1"), strikes("GET", "/v2/droplets/1/actions")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test.each([
    [{ kind: "explode", path: "x" }],
    [{ kind: "reset" }],
    [{ kind: "reset", path: "(" }],
    [{ kind: "reset", path: "x", nth: 0 }],
    [{ kind: "fail-before", path: "x", status: 200 }],
  ])("%j is refused", (rule) => {
    expect(() => new FaultRules().add(rule)).toThrow();
  });
});
