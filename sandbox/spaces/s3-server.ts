import { mkdir } from "node:fs/promises";
import path from "node:path";
import { startServiceProcess } from "../mirrors/service-process.ts";
import type { Service } from "../mirrors/service-process.ts";
import { installTool } from "../tools/install-tool.ts";
import { versitygw } from "../tools/tool-table.ts";

/** The key that the server knows, which may do everything. */
export interface S3Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface S3ServerOptions {
  readonly cacheDir: string;
  readonly address: string;
  readonly port: number;
  /** Where objects and their versions are kept. */
  readonly directory: string;
  readonly region: string;
  /** Made if it is not there. */
  readonly bucket: string;
  readonly key: S3Key;
  readonly logFile: string;
}

/** Runs versitygw, a server with the S3 API that checks signatures. */
export async function startS3Server(options: S3ServerOptions): Promise<Service> {
  const { cacheDir, address, port, directory, region, bucket, key, logFile } = options;
  const { path: program } = await installTool(versitygw, cacheDir);
  const [objects, versions] = ["objects", "versions"].map((folder) => path.join(directory, folder)) as [
    string,
    string,
  ];
  await mkdir(path.join(objects, bucket), { recursive: true });
  await mkdir(versions, { recursive: true });
  return startServiceProcess({
    program,
    args: [
      ...["--port", `${address}:${port}`, "--region", region, "--quiet"],
      ...["posix", "--versioning-dir", versions, objects],
    ],
    environment: { ROOT_ACCESS_KEY_ID: key.accessKeyId, ROOT_SECRET_ACCESS_KEY: key.secretAccessKey },
    address,
    port,
    logFile,
  });
}
