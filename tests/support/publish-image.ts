import type { ServedImage } from "../../sandbox/images/served-image.ts";
import { pushImage } from "../../sandbox/mirrors/registry.ts";
import { ports } from "../../sandbox/settings.ts";
import { status } from "./sandbox.ts";

/** Puts an image into the registry mirror of the tests' sandbox, under its own name or another. */
export async function publishImage(image: ServedImage, reference = image.reference): Promise<void> {
  const { hostname } = new URL((await status()).addresses.digitalocean);
  const registry = {
    url: `http://${hostname}:${ports.registry}`,
    address: hostname,
    port: ports.registry,
    close: () => Promise.resolve(),
  };
  const local = image.origin === "official" ? image.reference : { archive: image.archive };
  await pushImage(registry, local, reference);
}
