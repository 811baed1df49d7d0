import { chmodSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type {
  Action,
  AppliedFirewall,
  Droplet,
  Firewall,
  FormerMember,
  Project,
  ProjectAssignment,
  ReservedIp,
  Snapshot,
  SshKey,
  Tag,
  Volume,
  Vpc,
} from "./entities.ts";
import { Collection } from "./collection.ts";
import type { Certificate, Domain, DomainRecord } from "./dns.ts";
import type { AppliedLoadBalancer, LoadBalancer } from "./load-balancer.ts";

/**
 * All state of the emulator, in one SQLite database. Every change goes through `transaction`, so a process that is
 * killed leaves either all of a change or none of it.
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly droplets: Collection<Droplet>;
  readonly actions: Collection<Action>;
  readonly sshKeys: Collection<SshKey>;
  readonly tags: Collection<Tag>;
  readonly vpcs: Collection<Vpc>;
  readonly firewalls: Collection<Firewall>;
  readonly reservedIps: Collection<ReservedIp>;
  readonly volumes: Collection<Volume>;
  readonly snapshots: Collection<Snapshot>;
  readonly projects: Collection<Project>;
  readonly projectAssignments: Collection<ProjectAssignment>;
  readonly formerMembers: Collection<FormerMember>;
  readonly appliedFirewalls: Collection<AppliedFirewall>;
  readonly domains: Collection<Domain>;
  readonly domainRecords: Collection<DomainRecord>;
  readonly certificates: Collection<Certificate>;
  readonly loadBalancers: Collection<LoadBalancer>;
  readonly appliedLoadBalancers: Collection<AppliedLoadBalancer>;

  /** Opens or makes the database file; only its owner may read it, for user data holds secrets. No file: in memory. */
  constructor(file?: string) {
    this.#database = new DatabaseSync(file ?? ":memory:");
    if (file !== undefined) chmodSync(file, 0o600);
    this.#database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000");
    this.#database.exec(
      "create table if not exists counters (name text primary key, value integer not null)",
    );
    this.droplets = new Collection(this.#database, "droplets");
    this.actions = new Collection(this.#database, "actions");
    this.sshKeys = new Collection(this.#database, "ssh_keys");
    this.tags = new Collection(this.#database, "tags");
    this.vpcs = new Collection(this.#database, "vpcs");
    this.firewalls = new Collection(this.#database, "firewalls");
    this.reservedIps = new Collection(this.#database, "reserved_ips");
    this.volumes = new Collection(this.#database, "volumes");
    this.snapshots = new Collection(this.#database, "snapshots");
    this.projects = new Collection(this.#database, "projects");
    this.projectAssignments = new Collection(this.#database, "project_assignments");
    this.formerMembers = new Collection(this.#database, "former_members");
    this.appliedFirewalls = new Collection(this.#database, "applied_firewalls");
    this.domains = new Collection(this.#database, "domains");
    this.domainRecords = new Collection(this.#database, "domain_records");
    this.certificates = new Collection(this.#database, "certificates");
    this.loadBalancers = new Collection(this.#database, "load_balancers");
    this.appliedLoadBalancers = new Collection(this.#database, "applied_load_balancers");
  }

  /** Runs `change` as one transaction; a throw undoes all of it. Calls may nest: the outermost one counts. */
  transaction<Result>(change: () => Result): Result {
    if (this.#database.isTransaction) return change();
    this.#database.exec("begin immediate");
    try {
      const result = change();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      this.#database.exec("rollback");
      throw error;
    }
  }

  counter(name: string): number | undefined {
    const row = this.#database.prepare("select value from counters where name = ?").get(name);
    return row === undefined ? undefined : Number(row["value"]);
  }

  setCounter(name: string, value: number): void {
    this.#database
      .prepare("insert into counters values (?, ?) on conflict (name) do update set value = excluded.value")
      .run(name, value);
  }

  /** The next number of a sequence: never the same twice, not even after `clear`. */
  nextId(name: string, first: number): number {
    const id = (this.counter(name) ?? first - 1) + 1;
    this.setCounter(name, id);
    return id;
  }

  /** Forgets all resources. Counters stay, so neither ids nor addresses come back at once. */
  clear(): void {
    this.transaction(() => {
      for (const collection of [
        this.droplets,
        this.actions,
        this.sshKeys,
        this.tags,
        this.vpcs,
        this.firewalls,
        this.reservedIps,
        this.volumes,
        this.snapshots,
        this.projects,
        this.projectAssignments,
        this.formerMembers,
        this.appliedFirewalls,
        ...[this.domains, this.domainRecords, this.certificates],
        ...[this.loadBalancers, this.appliedLoadBalancers],
      ]) {
        collection.clear();
      }
    });
  }

  close(): void {
    this.#database.close();
  }
}
