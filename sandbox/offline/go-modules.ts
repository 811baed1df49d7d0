import type { GoModule } from "../tools/tool.ts";

const pulumiVersion = "3.259.0";

/** How to build tools whose releases cannot be downloaded. */
export const goModules = {
  pulumi: {
    version: pulumiVersion,
    modules: [`github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@v${pulumiVersion}`],
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    replace: [
      "github.com/atotto/clipboard=github.com/tgummerer/clipboard@v0.0.0-20241001131231-d02d263e614e",
    ],
    linkerFlags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
    cgo: "0",
    license: "github.com/pulumi/pulumi/pkg/v3",
    minutes: 5,
  },
  pulumiLanguageYaml: {
    // The newest version that the Go module proxy has.
    version: "1.32.0",
    modules: ["github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml@v1.32.0"],
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    replace: [],
    linkerFlags: "-s -w -X github.com/pulumi/pulumi-yaml/pkg/version.Version=v1.32.0",
    cgo: "0",
    license: "github.com/pulumi/pulumi-yaml",
    minutes: 2,
  },
  nomad: {
    // The newest version that the Go module proxy has.
    version: "1.11.3",
    modules: [
      "github.com/hashicorp/nomad@v1.11.3",
      "github.com/hashicorp/nomad/api@v0.0.0-20260408063511-b0f552dbe971",
    ],
    package: "github.com/hashicorp/nomad",
    replace: ["github.com/hashicorp/hcl=github.com/hashicorp/hcl@v1.0.1-nomad-1"],
    linkerFlags: "-s -w",
    cgo: "1",
    license: "github.com/hashicorp/nomad",
    minutes: 6,
  },
  mackerelAgent: {
    version: "0.87.0",
    modules: ["github.com/mackerelio/mackerel-agent@v0.87.0"],
    package: "github.com/mackerelio/mackerel-agent",
    replace: [],
    linkerFlags: "-s -w",
    cgo: "0",
    license: "github.com/mackerelio/mackerel-agent",
    minutes: 1,
  },
  actionlint: {
    version: "1.7.12",
    modules: ["github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"],
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    replace: [],
    linkerFlags: "-s -w",
    cgo: "0",
    license: "github.com/rhysd/actionlint",
    minutes: 1,
  },
  litestream: {
    version: "0.5.18",
    modules: ["github.com/benbjohnson/litestream/cmd/litestream@v0.5.18"],
    package: "github.com/benbjohnson/litestream/cmd/litestream",
    replace: [],
    linkerFlags: "-s -w -X main.Version=0.5.18",
    cgo: "0",
    license: "github.com/benbjohnson/litestream",
    minutes: 2,
  },
  versitygw: {
    version: "1.8.0",
    modules: ["github.com/versity/versitygw/cmd/versitygw@v1.8.0"],
    package: "github.com/versity/versitygw/cmd/versitygw",
    replace: [],
    linkerFlags: "-s -w",
    cgo: "0",
    license: "github.com/versity/versitygw",
    minutes: 2,
  },
} as const satisfies Record<string, GoModule>;
