import { expect, it } from "vitest";
import { installAdvice, packagesFor } from "../../../../sandbox/tools/system-packages.ts";

it("names each package once, in order", () => {
  expect(packagesFor(["nft", "docker", "dockerd"])).toEqual(["docker.io", "nftables"]);
});

it.each([
  [true, "Run as root: apt-get install --no-install-recommends iproute2"],
  [false, "with your system's package manager (on Debian they are in: iproute2)"],
])("says what to install, on Debian: %s", (isDebian, text) => {
  const advice = installAdvice(["ip"], isDebian);
  expect(advice).toContain("missing: ip.");
  expect(advice).toContain(text);
});
