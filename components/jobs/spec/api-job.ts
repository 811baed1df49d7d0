/**
 * The part of Nomad's job JSON that this project writes (Nomad documentation, "JSON job specification"). Durations
 * are nanoseconds; keys of `Config` are the docker driver's own, in snake_case.
 */
export interface ApiJob {
  ID: string;
  Name: string;
  Type: string;
  Priority: number;
  Namespace?: string;
  Datacenters: string[];
  NodePool?: string;
  Constraints?: ApiConstraint[];
  Update?: ApiUpdate;
  TaskGroups: ApiTaskGroup[];
}

export interface ApiConstraint {
  LTarget: string;
  Operand: string;
  RTarget: string;
}

export interface ApiUpdate {
  MaxParallel: number;
  MinHealthyTime: number;
  HealthyDeadline: number;
  ProgressDeadline: number;
  AutoRevert: boolean;
  AutoPromote?: boolean;
  Canary?: number;
}

export interface ApiTaskGroup {
  Name: string;
  Count?: number;
  Networks?: ApiNetwork[];
  Volumes?: Record<string, ApiVolume>;
  Services?: ApiService[];
  RestartPolicy?: ApiRestartPolicy;
  ReschedulePolicy?: ApiReschedulePolicy;
  Spreads?: ApiSpread[];
  ShutdownDelay?: number;
  Tasks: ApiTask[];
}

export interface ApiNetwork {
  Mode: string;
  ReservedPorts?: ApiPort[];
  DynamicPorts?: ApiPort[];
}

export interface ApiPort {
  Label: string;
  Value?: number;
  To?: number;
}

export interface ApiVolume {
  Name: string;
  Type: string;
  Source: string;
  ReadOnly: boolean;
}

export interface ApiService {
  Name: string;
  Provider: string;
  PortLabel: string;
  Checks?: ApiCheck[];
}

export interface ApiCheck {
  Name: string;
  Type: string;
  Path?: string;
  Interval: number;
  Timeout: number;
  Header?: Record<string, string[]>;
  CheckRestart?: ApiCheckRestart;
}

export interface ApiCheckRestart {
  Limit: number;
  Grace: number;
}

export interface ApiRestartPolicy {
  Attempts: number;
  Interval: number;
  Delay: number;
  Mode: string;
}

export interface ApiReschedulePolicy {
  Delay: number;
  DelayFunction: string;
  MaxDelay: number;
  Unlimited: boolean;
}

export interface ApiSpread {
  Attribute: string;
  Weight: number;
}

export interface ApiTask {
  Name: string;
  Driver: string;
  User?: string;
  Lifecycle?: ApiLifecycle;
  Config: ApiDockerConfig;
  Env?: Record<string, string>;
  Secrets?: ApiSecret[];
  LogConfig?: ApiLogs;
  Templates?: ApiTemplate[];
  Resources: ApiResources;
  VolumeMounts?: ApiVolumeMount[];
  KillTimeout?: number;
  RestartPolicy?: ApiRestartPolicy;
}

export interface ApiSecret {
  Name: string;
  Provider: string;
  Path: string;
}

export interface ApiLogs {
  MaxFiles: number;
  MaxFileSizeMB: number;
}

export interface ApiLifecycle {
  Hook: string;
  Sidecar: boolean;
}

export interface ApiDockerConfig extends ApiContainerSecurity {
  image: string;
  network_mode?: string;
  entrypoint?: string[];
  command?: string;
  args?: string[];
  ports?: string[];
  /** References to a secret, never the password. */
  auth?: Record<string, string>[];
}

export interface ApiContainerSecurity {
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  readonly_rootfs?: boolean;
  mount?: ApiTemporaryDirectory[];
  pids_limit?: number;
  ulimit?: Record<string, string>[];
}

export interface ApiTemporaryDirectory {
  type: string;
  target: string;
  /** Bytes. */
  tmpfs_options: Record<string, number>;
}

export interface ApiResources {
  CPU: number;
  MemoryMB: number;
}

export interface ApiVolumeMount {
  Volume: string;
  Destination: string;
  ReadOnly: boolean;
  PropagationMode?: string;
}

export interface ApiTemplate {
  EmbeddedTmpl: string;
  DestPath: string;
  Perms: string;
  ChangeMode: string;
  ChangeScript?: ApiChangeScript;
  Splay?: number;
  Envvars?: boolean;
  Uid?: number;
}

export interface ApiChangeScript {
  Command: string;
  Args: string[];
  /** Nanoseconds. */
  Timeout: number;
  FailOnError: boolean;
}
