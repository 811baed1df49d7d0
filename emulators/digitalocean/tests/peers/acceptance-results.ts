/** How the acceptance tests of one package of the provider ended. */
export interface PackageResults {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

interface TestEvent {
  readonly Action: string;
  readonly Package?: string;
  readonly Test?: string;
}

const outcomes = { pass: "passed", fail: "failed", skip: "skipped" } as const;

/** The results in the output of `go test -json`, by the last part of the package's name: acceptance tests only, without their parts. */
export function acceptanceResults(output: string): ReadonlyMap<string, PackageResults> {
  const results = new Map<string, { passed: string[]; failed: string[]; skipped: string[] }>();
  for (const line of output.split("\n").filter((text) => text.startsWith("{"))) {
    const { Action: action, Package: name = "", Test: test = "" } = JSON.parse(line) as TestEvent;
    const outcome = outcomes[action as keyof typeof outcomes] as
      (typeof outcomes)[keyof typeof outcomes] | undefined;
    if (outcome === undefined || !/^TestAcc[^/]*$/.test(test)) continue;
    const short = name.split("/").at(-1) ?? name;
    const found = results.get(short) ?? { passed: [], failed: [], skipped: [] };
    found[outcome].push(test);
    results.set(short, found);
  }
  return results;
}

/** A table in Markdown, with the sum of each column. */
export function resultsTable(results: ReadonlyMap<string, PackageResults>): string {
  const rows = [...results].sort(([one], [other]) => one.localeCompare(other));
  const line = (name: string, { passed, failed, skipped }: Record<keyof PackageResults, number>) =>
    `| ${name} | ${passed} | ${failed} | ${skipped} |`;
  const counts = rows.map(([name, { passed, failed, skipped }]) => ({
    ...{ name, passed: passed.length, failed: failed.length, skipped: skipped.length },
  }));
  const sum = (key: "passed" | "failed" | "skipped") =>
    counts.reduce((total, count) => total + count[key], 0);
  return [
    "| package | passed | failed | skipped |",
    "| --- | --- | --- | --- |",
    ...counts.map((count) => line(count.name, count)),
    line("all", { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") }),
  ].join("\n");
}
