import { open } from "node:fs/promises";

// A volume that DigitalOcean formats carries a mark in its last bytes until a droplet has mounted it once. Source: the
// udev rule 99-digitalocean-automount.rules of DigitalOcean's images and the script that it starts.

/** DigitalOcean formats a volume with a small file system, which the first mount enlarges to the volume's size. */
export const firstFileSystemBytes = 380 * 1024 ** 2;

const mark = Buffer.from("DO_FIRST_MOUNT");

/** Marks the volume of `bytes` in `file` as never mounted. */
export const markFirstMount = (file: string, bytes: number) => writeTrailer(file, bytes, mark);

/** Removes the mark, as the first mount does. */
export const endFirstMount = (file: string, bytes: number) =>
  writeTrailer(file, bytes, Buffer.alloc(mark.length));

/** Whether no droplet has mounted the volume of `bytes` in `file` yet. */
export async function isFirstMount(file: string, bytes: number): Promise<boolean> {
  const handle = await open(file, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(mark.length), 0, mark.length, bytes - mark.length);
    return buffer.equals(mark);
  } finally {
    await handle.close();
  }
}

async function writeTrailer(file: string, bytes: number, trailer: Buffer): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.write(trailer, 0, trailer.length, bytes - trailer.length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
