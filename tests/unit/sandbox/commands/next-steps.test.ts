import { expect, test } from "vitest";
import { nextSteps } from "../../../../sandbox/commands/next-steps.ts";

const addresses = ["http://198.18.0.9", "http://198.18.0.10"];
const rootsFile = ".sandbox/roots.pem";
const curl = (...args: Parameters<typeof nextSteps>) =>
  /^ {2}curl (.*?)( {2}|$)/m.exec(nextSteps(...args))?.[1]!.trim();

test.each([
  ["by an address without a name", "http://198.18.0.9", "http://198.18.0.9"],
  ["by an address that is not known", null, "http://198.18.0.9"],
  [
    "by a name, with its certificate",
    "https://blog.nomad.test",
    `--cacert ${rootsFile} --resolve blog.nomad.test:443:198.18.0.9 https://blog.nomad.test/`,
  ],
  [
    "by a name and a path, without a certificate",
    "http://blog.nomad.test:8080/news",
    "--resolve blog.nomad.test:8080:198.18.0.9 http://blog.nomad.test:8080/news",
  ],
])("opens the blog %s", (_, url, command) => {
  expect(curl({ url, addresses, rootsFile })).toBe(command);
});

test("opens a blog with a certificate of somebody else without the sandbox's roots", () => {
  expect(curl({ url: "https://blog.nomad.test", addresses, rootsFile: undefined })).toBe(
    "--resolve blog.nomad.test:443:198.18.0.9 https://blog.nomad.test/",
  );
});
