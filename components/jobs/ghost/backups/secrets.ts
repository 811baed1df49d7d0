import * as pulumi from "@pulumi/pulumi";
import type { GhostBackups } from "./args.ts";

/** The backups with what is secret in them marked as such. */
export function secretBackups(backups: GhostBackups): GhostBackups {
  const { accessKeyId, secretAccessKey, passphrase } = backups;
  return {
    ...backups,
    accessKeyId: pulumi.secret(accessKeyId),
    secretAccessKey: pulumi.secret(secretAccessKey),
    passphrase: pulumi.secret(passphrase),
  };
}

/** Items of the job's Variable. */
export function backupSecrets(backups: GhostBackups | undefined): Record<string, pulumi.Input<string>> {
  if (backups === undefined) return {};
  const { accessKeyId, secretAccessKey, passphrase } = backups;
  return {
    backupAccessKeyId: accessKeyId,
    backupSecretAccessKey: secretAccessKey,
    backupPassphrase: passphrase,
  };
}

const keyVariables = {
  AWS_ACCESS_KEY_ID: "backupAccessKeyId",
  AWS_SECRET_ACCESS_KEY: "backupSecretAccessKey",
};

/** What each program reads from its environment, by item of the Variable. */
export const variablesOf = {
  litestream: keyVariables,
  restic: { ...keyVariables, RESTIC_PASSWORD: "backupPassphrase" },
};
