// A stand-in for pulumi-resource-random: the passwords that this project's program draws.
import { randomInt } from "node:crypto";
import { serveProvider } from "../../../../providers/engine/provider.ts";
import { randomPassword } from "./random-password.ts";
import type { Draw } from "./random-password.ts";

await serveProvider<Draw>({
  name: "random",
  version: "4.21.2",
  isStandIn: true,
  configuration: {},
  configure: () => (limit) => randomInt(limit),
  resources: { "random:index/randomPassword:RandomPassword": randomPassword },
  functions: {},
});
