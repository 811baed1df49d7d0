import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";

/** A zip or tar archive of programs by path, made in `directory`. Noise keeps it from becoming so small that nothing can be cut. */
export async function archiveOf(
  directory: string,
  name: string,
  programs: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const folder = await mkdtemp(path.join(directory, "archive-"));
  for (const [file, script] of Object.entries(programs)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), script, { mode: 0o755 });
  }
  await writeFile(
    path.join(folder, "LICENSE.txt"),
    Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))),
  );
  const file = path.join(directory, name);
  if (name.endsWith(".zip")) {
    const zip =
      "import sys, zipfile, os\nz = zipfile.ZipFile(sys.argv[1], 'w')\n[z.write(f, f) for f in sys.argv[2:]]\nz.close()";
    await execa("python3", ["-c", zip, file, "LICENSE.txt", ...Object.keys(programs)], { cwd: folder });
  } else await execa("tar", ["-czf", file, "-C", folder, "."]);
  return readFile(file);
}
