#!/usr/bin/env node
import { existsSync } from "node:fs";

// A clone runs its sources, which no build can be older than; the published package has only what was built.
const source = new URL("cli.ts", import.meta.url);
await import(existsSync(source) ? source.href : new URL("dist/cli.js", import.meta.url).href);
