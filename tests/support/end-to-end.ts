/** The projects of vitest whose tests are those of a folder of `tests/e2e`, each on a sandbox of its own. */
export const endToEndProjects = ["e2e-jobs", "e2e-nodes"] as const;
export type EndToEndProject = (typeof endToEndProjects)[number];

/** Name of the project's sandbox, as `NOMAD_SANDBOX` takes it. */
export const sandboxOf = (project: EndToEndProject): string => project.replace("-", "");

/** Name of the variable by which a project's tests know their sandbox. */
export const sandboxVariable = "TEST_SANDBOX";
