// What stands in for releases of tools and for Pulumi plugins, for the rest of the repository.
import path from "node:path";

export { buildGoTool } from "./go-build.ts";
export { goModules } from "./go-modules.ts";

/** Folder of programs that stand in for Pulumi plugins, named as Pulumi looks for them on PATH. */
export const standInPlugins = path.join(import.meta.dirname, "plugins", "bin");
