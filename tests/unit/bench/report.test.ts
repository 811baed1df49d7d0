import { expect, it } from "vitest";
import { asJson, asTable } from "../../bench/report.ts";
import type { Results } from "../../bench/report.ts";
import { userDataSizes } from "../../bench/user-data.ts";

const run = (seconds: number, programRuns = 1) => ({
  seconds,
  userSeconds: seconds / 2,
  programSeconds: seconds / 4,
  programCpuSeconds: seconds / 8,
  programRuns,
});
const results: Results = {
  machine: { cores: 2, memoryGiB: 24, node: "v24.0.0" },
  measurements: [
    { name: "warm start", command: "npm start", aimSeconds: 90, runs: [run(120, 0)] },
    {
      name: "preview",
      command: "npm run pulumi -- preview",
      aimSeconds: 3,
      runs: [run(2), run(4), run(2.4)],
    },
  ],
  pace: [],
  userData: [
    { droplet: "small", bytes: 16383 },
    { droplet: "large", bytes: 16384 },
  ],
};

it("says in JSON what was measured and which aims were met", () => {
  expect(JSON.parse(asJson(results))).toMatchObject({
    measurements: [
      { name: "warm start", seconds: { median: 120 }, aimMet: false, programShare: null },
      { name: "preview", seconds: { median: 2.4, least: 2, most: 4 }, aimMet: true, programShare: 0.25 },
    ],
    userData: [
      { droplet: "small", aimMet: true },
      { droplet: "large", aimMet: false },
    ],
  });
});

it("marks in its tables an aim that was missed and a program that was not seen", () => {
  const lines = asTable(results).split("\n");
  const line = (text: string) => lines.find((candidate) => candidate.includes(text));
  expect(line("warm start")).toMatch(/120\.0 s .*90\.0 s, missed.*not seen/);
  expect(line("preview")).toMatch(/2\.4 s .*25 %/);
  expect(line("preview")).not.toContain("missed");
  expect(line("large")).toContain("missed");
  expect(line("small")).not.toContain("missed");
});

it("counts the bytes of user-data, secret or not, of droplets only", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: '"té\\n"',
  };
  const resource = (type: string, userData: unknown) => ({ type, inputs: { name: "node", userData } });
  const resources = [
    resource("digitalocean:index/droplet:Droplet", secret),
    resource("digitalocean:index/droplet:Droplet", "#!/bin/sh"),
    resource("digitalocean:index/vpc:Vpc", "text"),
    { type: "pulumi:pulumi:Stack" },
  ];
  expect(userDataSizes(JSON.stringify({ deployment: { resources } }))).toEqual([
    { droplet: "node", bytes: 4 },
    { droplet: "node", bytes: 9 },
  ]);
});

it("refuses to call missing user-data small", () => {
  const resources = [{ type: "digitalocean:index/droplet:Droplet", inputs: { name: "node-1" } }];
  expect(() => userDataSizes(JSON.stringify({ deployment: { resources } }))).toThrow("[node-1]");
});
