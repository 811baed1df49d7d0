import tseslint from "typescript-eslint";

// Data flows one way: network -> nodes -> rollout -> cluster -> jobs -> blog. A folder imports only from those before it.
const layers = ["network", "nodes", "rollout", "cluster", "jobs", "blog"];
const notFrom = (folders, message) => ({
  "no-restricted-imports": [
    "error",
    { patterns: [{ group: folders.flatMap((folder) => [`**/${folder}/**`, `**/${folder}`]), message }] },
  ],
});

export default tseslint.config(
  { ignores: ["node_modules", ".sandbox*", "**/dist", "sdks/nomad/**/*.js"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ["eslint.config.js", "sandbox/bootstrap.mjs", "policies/pack.mjs"],
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-console": "off",
      eqeqeq: "error",
    },
  },
  { files: ["**/*.js", "**/*.mjs"], ...tseslint.configs.disableTypeChecked },
  ...layers.map((layer, index) => ({
    files: [`components/${layer}/**/*.ts`],
    rules: notFrom(
      [...layers.slice(index + 1), "sandbox", "tests"],
      "Data flows network -> nodes -> rollout -> cluster -> jobs -> blog; import only from a folder to the left.",
    ),
  })),
  {
    files: ["components/clients/**/*.ts"],
    rules: notFrom([...layers, "sandbox", "tests"], "An API's client knows nothing of the components."),
  },
  {
    files: ["cli/report/**/*.ts"],
    rules: notFrom(
      ["sandbox", "tests"],
      "The report knows nothing of the sandbox, which runs it as an operator does.",
    ),
  },
  {
    files: ["sandbox/**/*.ts"],
    rules: notFrom(
      ["components", "tests"],
      "The sandbox meets the program only through Pulumi, never by import.",
    ),
  },
  {
    files: ["policies/**/*.ts"],
    rules: notFrom(
      ["components", "sandbox", "tests"],
      "The policies are a package of their own, which can be copied without the rest.",
    ),
  },
);
