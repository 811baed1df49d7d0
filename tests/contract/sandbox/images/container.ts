import { execa } from "execa";

/** Output of a docker command, both streams; fails with it. */
export async function docker(...args: string[]): Promise<string> {
  return (await execa("docker", args, { all: true })).all;
}

/** A container of the test that listens on a port of its own on the loopback. */
export interface Container {
  readonly name: string;
  /** Of the published port. */
  readonly url: string;
  logs(): Promise<string>;
  /** Sends the image's stop signal, waits at most 30 seconds, and returns the exit code: 137 if it had to be killed. */
  stop(): Promise<number>;
}

/** Starts the image's own entrypoint and command, with `port` published on the loopback. */
export async function startContainer(
  name: string,
  image: string,
  port: number,
  options: readonly string[],
): Promise<Container> {
  await removeContainer(name);
  await docker("run", "--detach", "--name", name, "--publish", `127.0.0.1::${port}`, ...options, image);
  const address = (await docker("port", name, `${port}/tcp`)).split("\n")[0];
  return {
    name,
    url: `http://${address}`,
    logs: () => docker("logs", name),
    stop: async () => {
      await docker("stop", "--time", "30", name);
      return Number(await docker("inspect", "--format", "{{.State.ExitCode}}", name));
    },
  };
}

/** Removes a container with its anonymous volumes, if it is there. */
export async function removeContainer(name: string): Promise<void> {
  await execa("docker", ["rm", "--force", "--volumes", name], { reject: false });
}
