/** What is known about a machine before anything is installed on it. Left out is what could not be found out. */
export interface Facts {
  /** As Node names them. */
  readonly platform: string;
  readonly arch: string;
  /** As `uname -r` prints it. */
  readonly kernel: string;
  /** `ID` and `ID_LIKE` of /etc/os-release, in this order. */
  readonly distributions: readonly string[];
  readonly cgroupVersion?: 1 | 2;
  readonly isRoot: boolean;
  /** Whether root may set up networks, which a container's root may not. */
  readonly mayAdministerNetwork: boolean;
  readonly hasSudo: boolean;
  readonly nodeVersion: string;
  readonly hasNpm: boolean;
  readonly docker: DockerFacts;
  /** Whether nothing was downloaded or built here yet. */
  readonly isFirstStart: boolean;
  readonly memory: { readonly totalMiB: number; readonly availableMiB?: number };
  readonly disks: readonly DiskFacts[];
  /** TCP ports on which a program listens at every address. */
  readonly listeningPorts: readonly number[];
  /** IPv4 networks that this machine has routes to. */
  readonly routes: readonly string[];
  /** Proxies that the variables name, without a user and a password. */
  readonly proxy: { readonly variable?: string; readonly url?: string };
}

export interface DockerFacts {
  readonly hasClient: boolean;
  readonly hasDaemon: boolean;
  /** Where the client asks, if not the daemon of this machine. */
  readonly host?: string;
  /** What the client said, if the daemon did not answer. */
  readonly problem?: string;
  /** Undefined unless the daemon answers. */
  readonly server?: DockerServer;
}

export interface DockerServer {
  readonly version: string;
  readonly kind: "engine" | "desktop" | "rootless" | "podman" | "snap";
  readonly storageDriver: string;
  readonly cgroupVersion?: 1 | 2;
  /** Proxy for the images that the daemon pulls. */
  readonly proxy?: string;
}

export interface DiskFacts {
  /** What the sandbox keeps there. */
  readonly use: string;
  /** The nearest directory that exists. */
  readonly directory: string;
  readonly freeMiB: number;
  /** Tells two disks apart. */
  readonly device: number;
}

/** What the doctor says of one part of the machine. */
export interface Finding {
  readonly subject: string;
  /** With a `problem` the sandbox does not start; with a `warning` it may be slow or something is missing. */
  readonly level: "ok" | "warning" | "problem";
  readonly text: string;
  /** The command or the step that mends it. */
  readonly mend?: string;
}
