// A stand-in for pulumi-resource-random: the values that this project's program draws.
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { serveProvider } from "../engine/provider.ts";
import { randomPlugin } from "./random.ts";

await serveProvider(
  randomPlugin({ bytes: randomBytes, below: (limit) => randomInt(limit), uuid: randomUUID }),
);
