import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { startDigitalOceanApi } from "../../../emulators/digitalocean/index.ts";
import { standInEnvironment } from "../../support/pulumi/stand-in-environment.ts";
import { timedCommand } from "../measure.ts";
import type { Repeat, ScaleStep } from "../scale.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";

const servers = 3;
const stack = "growth";
const token = "bench-token";
/** Loopback addresses that no other bench or drill uses. */
const publicNetwork = { cidr: "127.90.0.0/22", gateway: "127.90.0.1" };

/**
 * As `measureScale`, with droplets in which nothing runs and a Nomad that only answers, so that a hundred nodes cost no
 * more than what Pulumi and the program do for them. `pulumi` is the CLI.
 */
export async function measureGrowth(
  pulumi: string,
  clientCounts: readonly number[],
  repeat: Repeat,
): Promise<ScaleStep[]> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "bench-growth-"));
  const cluster = new SimulatedCluster();
  const api = await startDigitalOceanApi({
    hypervisor: cluster.hypervisor,
    publicNetwork,
    tokens: [token],
    // So that the program's own VPC is not the region's default.
    regionsWithDefaultVpc: ["sgp1"],
    delays: { droplet: 0, action: 0, firewall: 0, metadata: 0, shutdown: 0, release: 0 },
    limits: { droplets: 500 },
    rateLimit: { perHour: 1_000_000, perMinute: 100_000 },
  });
  try {
    await mkdir(path.join(directory, "backend"));
    const environment = standInEnvironment(pulumi, directory);
    const configFile = path.join(directory, `Pulumi.${stack}.yaml`);
    // `stack init` writes a configuration file beside Pulumi.yaml, so it runs on a project of the same name elsewhere.
    await writeFile(path.join(directory, "Pulumi.yaml"), `{ name: ${stack}, runtime: nodejs }`);
    await execa(pulumi, ["stack", "init", stack, "--non-interactive"], { cwd: directory, env: environment });
    const salt = await readFile(configFile, "utf8");
    const up = (...args: string[]) =>
      timedCommand({
        program: pulumi,
        args: ["up", "--yes", ...args, "--stack", stack, "--config-file", configFile, "--non-interactive"],
        cwd: path.join(import.meta.dirname, "program"),
        environment,
      });
    const steps: ScaleStep[] = [];
    for (const clients of [...clientCounts].sort((one, other) => one - other)) {
      const config = {
        "growth:clientCount": String(clients),
        "digitalocean:token": token,
        "digitalocean:apiEndpoint": api.url,
      };
      // JSON is YAML.
      await writeFile(configFile, `${salt}config: ${JSON.stringify(config)}\n`);
      const grown = await up("--skip-preview", "--suppress-outputs");
      const runs = await repeat(`up, no change, ${clients} simulated clients`, () =>
        up("--expect-no-changes", "--suppress-outputs"),
      );
      steps.push({ clients, nodes: servers + clients, growSeconds: grown.seconds, runs });
    }
    return steps;
  } finally {
    await api.close();
    await cluster.close();
    await rm(directory, { recursive: true });
  }
}
