import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Service } from "../mirrors/service-process.ts";
import { ports } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import { startS3Server } from "./s3-server.ts";
import type { S3Key } from "./s3-server.ts";

/** What opens the backups of a sandbox, and nothing outside it. */
export interface BackupSecrets extends S3Key {
  readonly passphrase: string;
}

const bucket = "blog-backups";
const region = "sgp1";
const directoryOf = ({ stateDir }: Pick<SandboxSettings, "stateDir">) => path.join(stateDir, "spaces");
const secretsFile = (settings: Pick<SandboxSettings, "stateDir">) =>
  path.join(directoryOf(settings), "key.json");

/** Has every later start of the sandbox back its blog up, until a reset. */
export async function turnBackupsOn(settings: SandboxSettings): Promise<void> {
  if ((await backupSecrets(settings)) !== undefined) return;
  await mkdir(directoryOf(settings), { recursive: true });
  const secrets: BackupSecrets = {
    accessKeyId: `DO${randomBytes(9).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(32).toString("base64url"),
    passphrase: randomBytes(32).toString("hex"),
  };
  await writeFileAtomic(secretsFile(settings), JSON.stringify(secrets, null, 2), { mode: 0o600 });
}

/** Undefined if the sandbox has no backups. */
export async function backupSecrets(
  settings: Pick<SandboxSettings, "stateDir">,
): Promise<BackupSecrets | undefined> {
  try {
    return JSON.parse(await readFile(secretsFile(settings), "utf8")) as BackupSecrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}

/** The server that stands for Spaces; it keeps its objects through a stop and a start. */
export function startSpaces(settings: SandboxSettings, address: string, key: S3Key): Promise<Service> {
  return startS3Server({
    cacheDir: settings.cacheDir,
    address,
    port: ports.spaces,
    directory: directoryOf(settings),
    region,
    bucket,
    key,
    logFile: path.join(settings.stateDir, "logs", "spaces.log"),
  });
}

/** Settings of the stack by their keys; none without the server. */
export function backupsConfiguration(endpoint: string | undefined): Record<string, string> {
  if (endpoint === undefined) return {};
  return { backupsEndpoint: endpoint, backupsBucket: bucket, backupsRegion: region };
}

/** Secret settings of the stack by their keys. */
export function secretBackupsConfiguration(secrets: BackupSecrets | undefined): Record<string, string> {
  if (secrets === undefined) return {};
  const { accessKeyId, secretAccessKey, passphrase } = secrets;
  return {
    backupsAccessKeyId: accessKeyId,
    backupsSecretAccessKey: secretAccessKey,
    backupsPassphrase: passphrase,
  };
}
