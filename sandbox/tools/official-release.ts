import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { errors } from "undici";
import { errorMessage } from "../error-message.ts";
import type { Outside } from "./outside.ts";
import { fillDirectory } from "./tool-cache.ts";
import type { Archive } from "./tool.ts";

/** Downloads an archive, checks it against its pinned sha256, and unpacks it into `directory`. */
export async function installRelease(
  archive: Archive,
  directory: string,
  onProgress: (text: string) => void,
  outside: Pick<Outside, "download">,
): Promise<void> {
  await fillDirectory(directory, async (temporary) => {
    const file = path.join(temporary, path.basename(new URL(archive.url).pathname));
    try {
      await fetchArchive(archive, file, onProgress, outside);
    } catch (error) {
      if (error instanceof ChecksumError) throw error;
      throw new Error(`${archive.url}: ${lastReason(error)}`, { cause: error });
    }
    if (file.endsWith(".zip")) {
      // Kept as it came: droplets download this very archive from the sandbox's mirror.
      await execa("unzip", ["-q", file, "-d", temporary]);
    } else {
      await execa("tar", ["-xzf", file, "-C", temporary]);
      await rm(file);
    }
    await chmod(path.join(temporary, archive.program), 0o755);
  });
}

async function fetchArchive(
  archive: Archive,
  file: string,
  onProgress: (text: string) => void,
  { download }: Pick<Outside, "download">,
): Promise<void> {
  const response = await download(archive.url);
  if (!response.ok || !response.body) throw new Error(`answered ${response.status}`);
  const total = Number(response.headers.get("content-length") ?? 0);
  const hash = createHash("sha256");
  let received = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      received += chunk.length;
      onProgress(`downloading, ${mebibytes(received)}${total > 0 ? ` of ${mebibytes(total)}` : ""} MiB`);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file));
  const sha256 = hash.digest("hex");
  if (sha256 !== archive.sha256) {
    throw new ChecksumError(
      `${archive.url} has sha256 ${sha256}, not ${archive.sha256} as pinned; it was thrown away`,
    );
  }
}

/** The archive is not what was published: nothing else is tried in its place. */
export class ChecksumError extends Error {}

/** What was wrong in the end: fetch says only that it failed, and its causes why. */
function lastReason(error: unknown): string {
  if (error instanceof Error && error.cause !== undefined) return lastReason(error.cause);
  if (error instanceof errors.RequestRetryError) return `answered ${error.statusCode}`;
  return errorMessage(error);
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
