/** Those who deploy jobs of their own, in namespaces of their own. */
export interface ClusterTeam {
  /** Key of its connection in `teamConnections`, and part of its policy's and token's name. A change replaces both. */
  name: string;
  /** The cluster's `namespaces` that it deploys to; not `default`, where the cluster's own jobs have their secrets. */
  namespaces: string[];
  /**
   * Names of the cluster's `hostVolumes` and of its `volumes`' directories that its jobs may mount.
   * @default `[]`
   */
  hostVolumes?: string[];
}

/**
 * Rules in Nomad's policy language: the team's jobs, their Variables and their logs, in its namespaces; what nodes there are; and
 * its host volumes. Nothing else: neither files of tasks, nor a shell in them, nor what other teams have.
 */
export function teamPolicy({ namespaces, hostVolumes = [] }: ClusterTeam): string {
  return [
    ...namespaces.map(
      (namespace) => `namespace ${JSON.stringify(namespace)} {
  capabilities = ["submit-job", "parse-job", "read-job", "list-jobs", "dispatch-job", "read-logs"]

  variables {
    path "nomad/jobs/*" {
      capabilities = ["write", "read", "destroy", "list"]
    }
  }
}
`,
    ),
    'node {\n  policy = "read"\n}\n',
    ...hostVolumes.map((volume) => `host_volume ${JSON.stringify(volume)} {\n  policy = "write"\n}\n`),
  ].join("\n");
}
