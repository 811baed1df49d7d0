import { existsSync } from "node:fs";
import path from "node:path";
import type { DigitalOceanApi } from "../../emulators/digitalocean/index.ts";
import { startDigitalOceanApi } from "../../emulators/digitalocean/index.ts";
import { PebbleIssuer } from "../domains/certificate-issuer.ts";
import { startDnsServer } from "../domains/dns-server.ts";
import { dockerHypervisor } from "../droplets/docker-hypervisor.ts";
import { startMetadataService } from "../droplets/metadata.ts";
import { raiseHostLimits } from "../droplets/host-limits.ts";
import { ensurePublicNetwork } from "../droplets/network/public-network.ts";
import { startMackerelApi } from "../../emulators/mackerel/index.ts";
import { startAptMirror } from "../mirrors/apt.ts";
import { startDownloads } from "../mirrors/downloads.ts";
import { startRegistry } from "../mirrors/registry.ts";
import type { SandboxSecrets } from "../secrets.ts";
import { ports, rootsFile } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import { backupSecrets, startSpaces } from "../spaces/backups.ts";
import type { ServiceAddresses } from "./daemon-record.ts";

export interface RunningServices {
  readonly addresses: ServiceAddresses;
  /** Ends them all, the last one started first. */
  close(): Promise<void>;
}

/** Starts all services of the sandbox and boots the droplets it had; when one cannot start, ends those that did. */
export async function startServices(
  settings: SandboxSettings,
  image: string,
  secrets: SandboxSecrets,
  log: (line: string) => void,
): Promise<RunningServices> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  async function started<T extends { url: string; close(): Promise<void> }>(
    name: string,
    service: Promise<T>,
  ) {
    const running = await service;
    closers.push(() => running.close());
    log(`${name}: ${running.url}`);
    return running;
  }
  const inLogs = (name: string) => path.join(settings.stateDir, "logs", name);

  try {
    await raiseHostLimits();
    const network = await ensurePublicNetwork(settings);
    const address = network.gateway;
    log(`public network ${network.cidr} on ${network.bridge}`);
    const registry = await started(
      "registry mirror",
      startRegistry({ settings, address, storage: path.join(settings.stateDir, "registry", "storage") }),
    );
    const downloads = await started("downloads", startDownloads({ settings, address }));
    const apt = await started("Debian mirror", startAptMirror({ settings, address }));

    const key = await backupSecrets(settings);
    const spaces = key && (await started("Spaces", startSpaces(settings, address, key)));

    const mackerelDatabase = path.join(settings.stateDir, "mackerel.sqlite");
    const mackerel = await started(
      "Mackerel API",
      startMackerelApi({
        address,
        port: ports.mackerel,
        databaseFile: mackerelDatabase,
        logFile: inLogs("mackerel.log"),
        // Later the database knows them, and a key that was rotated stays rotated.
        ...(existsSync(mackerelDatabase) ? {} : { apiKeys: [{ key: secrets.mackerelApiKey, writes: true }] }),
      }),
    );

    let records: DigitalOceanApi["records"] = () => [];
    const issuer = new PebbleIssuer({
      directory: path.join(settings.stateDir, "pebble"),
      rootsFile: rootsFile(settings),
      logFile: inLogs("pebble.log"),
      address,
      ports: { acme: ports.acme, management: ports.acmeManagement },
      dnsServer: `${address}:${ports.dns}`,
      records: () => records(),
    });
    closers.push(() => issuer.close());
    await started(
      "name server",
      startDnsServer({ address, port: ports.dns, records: () => issuer.records(), log }),
    );

    await started("droplet metadata", startMetadataService({ settings, address }));
    const hypervisor = dockerHypervisor({ settings, network, image, mirrors: apt });
    log("booting the droplets there are");
    await hypervisor.startAll();
    const digitalocean = await started(
      "DigitalOcean API",
      startDigitalOceanApi({
        address,
        port: ports.digitalocean,
        databaseFile: path.join(settings.stateDir, "digitalocean.sqlite"),
        hypervisor,
        publicNetwork: network,
        tokens: [secrets.digitaloceanToken],
        logFile: inLogs("digitalocean.log"),
        regionsWithDefaultVpc: ["sgp1"],
        // A new account's three are taken by the stack's own servers; other stacks beside it need theirs.
        limits: { reservedIps: 10 },
        certificateIssuer: issuer,
      }),
    );
    records = () => digitalocean.records();
    const addresses = {
      gateway: address,
      digitalocean: digitalocean.url,
      mackerel: mackerel.url,
      downloads: downloads.url,
      registry: registry.url,
      apt: apt.url,
      ...(spaces && { spaces: spaces.url }),
    };
    return { addresses, close };
  } catch (error) {
    await close();
    throw error;
  }
}
