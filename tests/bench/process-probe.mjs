// Loaded into every Node process of a measured command by NODE_OPTIONS: notes when the process began and ended.
import { appendFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

const file = process.env.BENCH_PROCESS_TIMES;
if (file !== undefined) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    const record = {
      script: process.argv[1] ?? "",
      startedAt: performance.timeOrigin / 1000,
      endedAt: Date.now() / 1000,
      cpuSeconds: (user + system) / 1e6,
    };
    try {
      appendFileSync(file, `${JSON.stringify(record)}\n`);
    } catch {
      // A service that a measured command has started may outlive the measurement and its file.
    }
  });
}
