import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** What a running HAProxy answers to a command on its socket; undefined when nobody listens there. */
export async function askHaproxy(socket: string, command: string): Promise<string | undefined> {
  const connection = connect(socket);
  try {
    connection.end(`${command}\n`);
    return await text(connection);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    // The last one is of a worker that ends while it is asked.
    if (["ENOENT", "ECONNREFUSED", "EPIPE", "ECONNRESET"].includes(code)) return undefined;
    throw error;
  } finally {
    connection.destroy();
  }
}

/** Pid of the process that has the newest configuration, undefined while none answers. */
export async function haproxyWorker(socket: string): Promise<string | undefined> {
  return /^Pid: (\d+)$/m.exec((await askHaproxy(socket, "show info")) ?? "")?.[1];
}
