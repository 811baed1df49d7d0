import { describe, expect, test } from "vitest";
import { PermanentError, poll, NotYet } from "../../../../components/rollout/poll.ts";

const quick = { interval: 1, deadline: 1_000, onProgress: () => undefined };

describe("poll", () => {
  test("tries again after an error and after waiting, until there is a value", async () => {
    const answers = [
      () => Promise.reject(new Error("refused")),
      () => Promise.resolve(new NotYet("no leader")),
    ];
    let calls = 0;
    const value = await poll("test", () => answers[calls++]?.() ?? Promise.resolve("there"), quick);
    expect([value, calls]).toEqual(["there", 3]);
  });
  test("fails at the deadline with what it waited for and the last reason", async () => {
    await expect(
      poll("waiting for the nodes", () => Promise.resolve(new NotYet("not ready: a")), {
        ...quick,
        deadline: 5,
      }),
    ).rejects.toThrow(/waiting for the nodes timed out after \d+ s: not ready: a/);
  });
  test("does not try again what waiting cannot mend", async () => {
    let calls = 0;
    const attempt = () => {
      calls += 1;
      return Promise.reject(new PermanentError("wrong secret"));
    };
    await expect(poll("test", attempt, quick)).rejects.toThrow("wrong secret");
    expect(calls).toBe(1);
  });
  test("reports what it waits for", async () => {
    const reports: string[] = [];
    const answers = [new NotYet("no leader"), "there"];
    await poll("test", () => Promise.resolve(answers.shift()!), {
      ...quick,
      onProgress: (message) => reports.push(message),
    });
    expect(reports).toEqual(["test, 0 s: no leader"]);
  });
});
