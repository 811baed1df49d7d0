import type { Slot } from "./names.ts";

/** A directory of the node that jobs may mount by name. */
export interface HostVolume {
  /** Name that jobs use as the volume's source. */
  readonly name: string;
  /** Directory on the node; made at boot. */
  readonly path: string;
  /**
   * Jobs may only read it.
   * @default `false`
   */
  readonly readOnly?: boolean;
}

export interface NomadConfigurationArgs {
  readonly datacenter: string;
  /** Nomad region; agents' certificates carry it. */
  readonly region: string;
  /** Slot of this node, shown to jobs and operators as `meta.slot`. */
  readonly slot: Slot;
  /** Hash over all that would replace the droplet, shown as `meta.spec`. */
  readonly specHash: string;
  /** Present on servers. */
  readonly server?: { readonly bootstrapExpect: number; readonly gossipKey: string };
  /** Addresses of the servers, the node's own among them. */
  readonly serverAddresses: readonly string[];
  readonly hostVolumes: readonly HostVolume[];
}

/** Where cloud-init writes what the agent reads. */
export const agentFiles = {
  configuration: "/etc/nomad.d/nomad.json",
  caCertificate: "/etc/nomad.d/tls/ca.pem",
  certificate: "/etc/nomad.d/tls/agent.pem",
  privateKey: "/etc/nomad.d/tls/agent-key.pem",
} as const;

/** Memory in MiB that Nomad leaves to the system, Docker and itself on each node. */
export const reservedMemory = 512;

/**
 * Grace period after a missed heartbeat (`heartbeat_grace`). A client whose server died without a word keeps waiting for
 * it for up to 40 s, and its tasks run on as long as it is not down. Nomad's own 10 s are too short to find out that one
 * address does not answer (measured: a roll stopped nginx on a node that was not its turn).
 */
const heartbeatGrace = "1m";

/**
 * The agent's configuration as an object for a `.json` file; valid for Nomad 1.11 and 2.0 alike. The agent listens on
 * every interface, so that its reserved address works, and tells others its VPC address.
 */
export function nomadConfiguration(args: NomadConfigurationArgs): object {
  const vpcAddress = '{{ GetInterfaceIP "eth1" }}';
  const join = { retry_join: args.serverAddresses, retry_interval: "5s" };
  return {
    datacenter: args.datacenter,
    region: args.region,
    data_dir: "/opt/nomad/data",
    bind_addr: "0.0.0.0",
    advertise: { http: vpcAddress, rpc: vpcAddress, serf: vpcAddress },
    disable_update_check: true,
    acl: { enabled: true },
    tls: {
      http: true,
      rpc: true,
      ca_file: agentFiles.caCertificate,
      cert_file: agentFiles.certificate,
      key_file: agentFiles.privateKey,
      verify_server_hostname: true,
      // Callers of the API authenticate with an ACL token, so operators need no client certificate.
      verify_https_client: false,
    },
    ...(args.server && {
      server: {
        enabled: true,
        bootstrap_expect: args.server.bootstrapExpect,
        encrypt: args.server.gossipKey,
        server_join: join,
        heartbeat_grace: heartbeatGrace,
        default_scheduler_config: { preemption_config: { system_scheduler_enabled: true } },
      },
    }),
    client: {
      enabled: true,
      network_interface: "eth1",
      server_join: join,
      meta: { slot: args.slot, spec: args.specHash },
      reserved: { memory: reservedMemory },
      options: { "driver.allowlist": "docker" },
      // Where Debian's containernetworking-plugins puts the plugins of network mode "bridge".
      cni_path: "/usr/lib/cni",
      // 0 is without end. By default Nomad kills a task whose template was not read for about five minutes, on a client
      // that no server can be reached from.
      template: { nomad_retry: { attempts: 0 } },
      host_volume: Object.fromEntries(
        args.hostVolumes.map(({ name, path, readOnly = false }) => [name, { path, read_only: readOnly }]),
      ),
    },
    plugin: { docker: { config: { allow_privileged: false, volumes: { enabled: false } } } },
    consul: { auto_advertise: false, server_auto_join: false, client_auto_join: false },
  };
}
