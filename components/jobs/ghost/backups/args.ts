import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../../duration.ts";

/**
 * Where the blog is backed up to: a bucket with the S3 API. The database goes there within seconds by Litestream, as it is, so
 * the bucket must be private; files go there encrypted by restic. A blog that starts with an empty volume starts with what is there.
 * Every change restarts Ghost but one of the key or the passphrase.
 */
export interface GhostBackups {
  /**
   * URL of the service without the bucket, for example `https://sgp1.digitaloceanspaces.com`. `http://` only with a private
   * address, since the database is sent as it is.
   */
  endpoint: string;
  /** Name of the bucket, which must exist. A change starts new backups; the old ones stay where they are. */
  bucket: string;
  /** Region that requests are signed for; with Spaces it is the endpoint's, such as `sgp1`. */
  region: string;
  /**
   * Folder of the blog in the bucket. Only one blog at a time may use it. A change starts new backups; the old ones stay.
   * @default `"blog"`
   */
  prefix?: string;
  /** Id of a key that may read and write the bucket. Kept in a Nomad Variable, never in the job. Secret. */
  accessKeyId: pulumi.Input<string>;
  /** The key itself. Kept in a Nomad Variable, never in the job. Secret. */
  secretAccessKey: pulumi.Input<string>;
  /**
   * Encrypts files. Without it they cannot be read again: keep it elsewhere too. It cannot be changed for a folder that is
   * in use: the tasks then say that the password is wrong. Secret.
   */
  passphrase: pulumi.Input<string>;
  /**
   * Longest time until a change of the database is sent.
   * @default `"1s"`
   */
  databaseInterval?: Duration;
  /**
   * How long any moment of the database can be gone back to: of the last day to the second, before that in steps that grow to
   * an hour. At least `24h`.
   * @default `"720h"`
   */
  databaseRetention?: Duration;
  /**
   * Pause between backups of images, themes and other files.
   * @default `"5m"`
   */
  filesInterval?: Duration;
  /**
   * Days of which one backup of the files is kept; of the last 24 hours it is one an hour.
   * @default `7`
   */
  keepDaily?: number;
  /**
   * Weeks of which one backup of the files is kept.
   * @default `5`
   */
  keepWeekly?: number;
  /**
   * Months of which one backup of the files is kept.
   * @default `12`
   */
  keepMonthly?: number;
  /**
   * Official image of Litestream 0.5.
   * @default `"litestream/litestream:0.5.18"`
   */
  litestreamImage?: string;
  /**
   * Official image of restic, 0.14 or newer, or one with a shell and restic on PATH.
   * @default `"restic/restic:0.18.1"`
   */
  resticImage?: string;
  /**
   * MHz of each of the two tasks.
   * @default `100`
   */
  cpu?: number;
  /**
   * MiB of each of the two tasks, which are killed when they use more and started again.
   * @default `192`
   */
  memory?: number;
}
