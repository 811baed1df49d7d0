// Which folder may import which. Inside components data flows one way, left to right; everything else stands around them.
const componentLayers = ["clients", "network", "nodes", "rollout", "cluster", "jobs", "alerts", "blog"];

/** A rule that files under `from` import nothing under `to`. */
const never = (name, comment, from, to) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: to },
});

export default {
  forbidden: [
    {
      name: "no-circular",
      comment: "Two files that import each other cannot be read, tested or moved apart.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...componentLayers
      .slice(0, -1)
      .map((layer, index) =>
        never(
          `components-${layer}`,
          `Data flows ${componentLayers.join(" -> ")}; import only from a folder to the left.`,
          `^components/${layer}/`,
          `^components/(${componentLayers.slice(index + 1).join("|")}|index)`,
        ),
      ),
    never(
      "components-shared",
      "What all folders of the components share knows none of them.",
      "^components/(?!index)[^/]+\\.ts$",
      `^components/(${componentLayers.join("|")})/`,
    ),
    never(
      "components-alone",
      "The components are a package of their own, and know nothing of what runs or tests them.",
      "^components/",
      "^(cli|config|emulators|index|policies|providers|read-settings|sandbox|settings|tests)",
    ),
    never(
      "policies-alone",
      "The policies are a package of their own, which can be taken without the rest.",
      "^policies/",
      "^(cli|components|config|emulators|index|read-settings|sandbox|settings|tests)",
    ),
    never(
      "providers-alone",
      "The provider plugins are a package of their own, which Pulumi runs for any program.",
      "^providers/",
      "^(cli|components|config|emulators|index|policies|read-settings|sandbox|settings|tests)",
    ),
    never(
      "emulators-alone",
      "An emulator is a package of its own, useful without this project.",
      "^emulators/",
      "^(cli|components|config|index|policies|providers|read-settings|sandbox|settings|tests)",
    ),
    never(
      "emulators-through-their-index",
      "An emulator's public interface is its index.ts; the rest is its own.",
      "^(?!emulators/)",
      "^emulators/[^/]+/(?!index\\.ts$)",
    ),
    never(
      "emulators-apart",
      "One emulator knows nothing of the other.",
      "^emulators/([^/]+)/",
      "^emulators/(?!$1/)",
    ),
    never(
      "cli-alone",
      "The command runs on any stack, with no sandbox.",
      "^cli/",
      "^(config|emulators|index|read-settings|sandbox|settings|tests)",
    ),
    never(
      "sandbox-meets-the-program-through-pulumi",
      "The sandbox meets the program only through Pulumi and the APIs, never by import.",
      "^sandbox/",
      "^(cli|components|config|index|policies|read-settings|settings|tests)",
    ),
    never(
      "offline-behind-two-doors",
      "What exists only because registries cannot be reached is used through two files, so that it can be deleted.",
      "^(sandbox/(?!offline/)|tests/(?!(unit|contract)/sandbox/(images|plugins)/))",
      "^sandbox/offline/(?!(images|tools)\\.ts$)",
    ),
    never(
      "program-alone",
      "The program is what an operator deploys; it needs the components only.",
      "^(config|index|read-settings|settings)\\.ts$",
      "^(cli|emulators|policies|providers|sandbox|tests)",
    ),
    never(
      "test-support-below-tests",
      "Support serves tests, drills and benchmarks, and imports none of them.",
      "^tests/support/",
      "^tests/(?!support/)",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules|\\.sandbox[^/]*)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
