import { goModules } from "../offline/tools.ts";
import type { Tool } from "./tool.ts";

const pulumiVersion = "3.259.0";
const pulumiArchive = (platform: string, sha256: string) => ({
  url: `https://get.pulumi.com/releases/sdk/pulumi-v${pulumiVersion}-${platform}.tar.gz`,
  sha256,
  program: "pulumi/pulumi",
});

export const pulumi: Tool = {
  name: "pulumi",
  onPath: { minimum: pulumiVersion, versionArguments: ["version"] },
  release: {
    version: pulumiVersion,
    archives: {
      "linux-x64": pulumiArchive(
        "linux-x64",
        "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
      ),
      "linux-arm64": pulumiArchive(
        "linux-arm64",
        "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
      ),
    },
  },
  goModule: goModules.pulumi,
};

/** Runs Pulumi YAML programs. Every official release of Pulumi has one beside the CLI. */
export const pulumiLanguageYaml: Tool = {
  name: "pulumi-language-yaml",
  goModule: goModules.pulumiLanguageYaml,
};

/** Never taken from PATH: the droplets run it, so it has to be a build that Debian 12 can load. */
/** Names a Nomad program for droplets, tests and drills, in place of the one that is downloaded or built. */
export const givenNomadVariable = "SANDBOX_NOMAD";

export const nomad: Tool = {
  name: "nomad",
  given: { variable: givenNomadVariable, versionArguments: ["version"] },
  release: {
    version: "2.0.7",
    archives: {
      "linux-x64": {
        url: "https://releases.hashicorp.com/nomad/2.0.7/nomad_2.0.7_linux_amd64.zip",
        sha256: "4c9b8a0850d6fd9caadbbab09b3e6fdf8b77aa777729543c70c61b85acca68c1",
        program: "nomad",
      },
      "linux-arm64": {
        url: "https://releases.hashicorp.com/nomad/2.0.7/nomad_2.0.7_linux_arm64.zip",
        sha256: "19708097585efe0d60234f300b62892fa776ff93ca6ba5fb918360cbd118b71e",
        program: "nomad",
      },
    },
  },
  goModule: goModules.nomad,
};

/** Only goes into the agent's image, so it is static and always the pinned version. */
export const mackerelAgent: Tool = {
  name: "mackerel-agent",
  goModule: goModules.mackerelAgent,
};

/** Only goes into an image, like the Mackerel agent. */
export const litestream: Tool = {
  name: "litestream",
  goModule: goModules.litestream,
};

/** A server with the S3 API that keeps objects as files, and checks signatures. */
export const versitygw: Tool = {
  name: "versitygw",
  goModule: goModules.versitygw,
};

/** Checks the workflows in `.github/`. */
export const actionlint: Tool = {
  name: "actionlint",
  onPath: { minimum: "1.7.12", versionArguments: ["-version"] },
  goModule: goModules.actionlint,
};
