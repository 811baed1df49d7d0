import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { duration, reporter } from "../../../../sandbox/progress.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("reporter", () => {
  it("prints the first text at once, then the newest one every 20 seconds, changed or not", () => {
    const lines: string[] = [];
    const { report, stop } = reporter(0, 20, (line) => lines.push(line));
    report("compiled 1 of 900 packages");
    for (let count = 2; count <= 15; count++) {
      vi.advanceTimersByTime(1000);
      report(`compiled ${count} of 900 packages`);
    }
    vi.advanceTimersByTime(46_000);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual([
      "compiled 1 of 900 packages",
      "compiled 15 of 900 packages (20s)",
      "compiled 15 of 900 packages (40s)",
      "compiled 15 of 900 packages (1m00s)",
    ]);
  });
});

describe("duration", () => {
  it.each([
    [900, ""],
    [59_999, " (59s)"],
    [65_000, " (1m05s)"],
  ])("%i ms", (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});
