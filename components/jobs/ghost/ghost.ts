import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ResolvedInputError, validated } from "../../validation.ts";
import type { ArgumentNames } from "../../validation.ts";
import { deletedWithCluster, nomadProvider } from "../../cluster/connection.ts";
import { variablePath } from "../spec/job.ts";
import { NomadJob } from "../spec/nomad-job.ts";
import { jobUrn, registeredJob } from "../spec/registered-job.ts";
import type { GhostArgs } from "./args.ts";
import { backupSecrets, secretBackups } from "./backups/secrets.ts";
import { blockedMailPort } from "./mail.ts";
import { ghostJob, ghostSecrets } from "./job.ts";
import { ownerItems, ownerVariablePath } from "./owner.ts";
import { checkBlogUrl, validateGhost } from "./validation.ts";

/**
 * The blog: one instance of Ghost, as a Nomad service job. It is found by its service, and health is its API's answer.
 * A new version, a drain and a lost node take it away for as long as it takes to start, since its content can be
 * mounted only once. Fails with every wrong argument together before anything is created.
 *
 * @example
 * ```ts
 * new Ghost("ghost", {
 *   connection: cluster.connection,
 *   url: "https://blog.example.com",
 *   contentVolume: "blog-content",
 * });
 * ```
 */
export class Ghost extends pulumi.ComponentResource {
  /** Id of the job in Nomad, which is the name of its service too. */
  readonly jobId: pulumi.Output<string>;
  /**
   * Secret password that the owner was made with, for signing in the first time; undefined without `owner`. It stays what it is
   * when the owner chooses another one.
   */
  readonly ownerPassword: pulumi.Output<string | undefined>;

  constructor(name: string, args: GhostArgs, opts?: pulumi.ComponentResourceOptions) {
    const { database, mail, mailgun, backups, ...others } = args;
    const inputs = {
      ...others,
      ...(database && { database: { ...database, password: pulumi.secret(database.password) } }),
      ...(mail && { mail: { ...mail, password: pulumi.secret(mail.password) } }),
      ...(mailgun && { mailgun: { ...mailgun, apiKey: pulumi.secret(mailgun.apiKey) } }),
      ...(backups && { backups: secretBackups(backups) }),
    };
    super("nomad-digitalocean:index:Ghost", name, inputs, opts);
    const { resolved, nameOf } = validated(this, args, validateGhost);
    const blocked = blockedMailPort(resolved);
    if (blocked !== undefined)
      void pulumi.log.warn(
        `${nameOf("mail.port")}: DigitalOcean blocks ${blocked} on droplets, so Ghost sends no mail; use 2525, which most mail services answer too`,
        this,
      );
    const connection = pulumi.output(args.connection);
    const provider = nomadProvider(this, name, connection);
    const withCluster = deletedWithCluster(args.connection, opts);
    const dependsOn: pulumi.Input<pulumi.Resource>[] = [];

    const secrets = { ...ghostSecrets(resolved), ...backupSecrets(resolved.backups) };
    if (Object.keys(secrets).length > 0)
      dependsOn.push(
        new nomad.Variable(
          `${name}-variable`,
          { path: variablePath(resolved.jobId), items: pulumi.secret(secrets) },
          { parent: this, provider, dependsOn: opts?.dependsOn ?? [], ...withCluster },
        ),
      );
    const { owner } = resolved;
    const password =
      owner &&
      new random.RandomPassword(`${name}-owner-password`, { length: 32, special: false }, { parent: this })
        .result;
    if (owner !== undefined)
      dependsOn.push(
        new nomad.Variable(
          `${name}-owner-variable`,
          {
            path: ownerVariablePath(resolved.jobId),
            items: pulumi.secret(pulumi.output(password).apply((text) => ownerItems(owner, text!))),
          },
          { parent: this, provider, dependsOn: opts?.dependsOn ?? [], ...withCluster },
        ),
      );
    const job = pulumi.all([pulumi.unsecret(connection.datacenter), args.url]).apply(([datacenter, url]) => {
      const reason = checkBlogUrl(url);
      if (reason !== undefined)
        throw new ResolvedInputError("invalid arguments", [{ propertyPath: "url", reason }], nameOf);
      return ghostJob(resolved, { datacenter, url, contentVolume: args.contentVolume });
    });
    const nomadJob = new NomadJob(
      name,
      { connection: args.connection, job },
      { parent: this, providers: [provider], dependsOn, ...withCluster },
    );
    this.jobId = nomadJob.jobId;
    this.ownerPassword = pulumi.output(password ?? this.#warnedOfNoOwner(nomadJob, name, nameOf));
    this.registerOutputs({ jobId: this.jobId, ownerPassword: this.ownerPassword });
  }

  /** Says once, with the job's first preview and update, what a blog without an owner is open to. */
  async #warnedOfNoOwner(nomadJob: NomadJob, name: string, nameOf: ArgumentNames): Promise<undefined> {
    if ((await registeredJob(await jobUrn(nomadJob, name))) !== undefined) return;
    await pulumi.log.warn(
      `${nameOf("owner.email")}: is not given, so whoever reaches /ghost first becomes the owner of this new blog`,
      this,
    );
  }
}
