import { randomUUID } from "node:crypto";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { ActionRunner } from "./actions/runner.ts";
import { CurrentEdges } from "./edges.ts";
import type { Emulator } from "./emulator.ts";
import { apiTime } from "./emulator.ts";
import { notEmulated } from "./requests/errors.ts";
import { EventLog } from "./requests/event-log.ts";
import { FaultRules } from "./requests/fault-rules.ts";
import { CertificateIssuance } from "./resources/dns/certificate-issuance.ts";
import { FirewallSync } from "./resources/firewall-sync.ts";
import { LoadBalancerSync } from "./resources/load-balancers/load-balancer-sync.ts";
import { addHooks, answerErrors } from "./requests/hooks.ts";
import type { DigitalOceanApiOptions } from "./options.ts";
import { resolveOptions } from "./options.ts";
import { apiRoutes } from "./routes/api.ts";
import { controlRoutes } from "./routes/control.ts";
import type { DomainRecord } from "./store/dns.ts";
import { Store } from "./store/store.ts";
import { defaultProject } from "./resources/projects.ts";
import { defaultVpc } from "./resources/vpcs.ts";

export interface DigitalOceanApi {
  /** Without a slash at the end; paths begin with /v2/. */
  readonly url: string;
  /** All records of the account's domains, from which a name server may answer. */
  records(): readonly DomainRecord[];
  /** Stops answering and starts no further action. Unfinished actions go on at the next start on the same database. */
  close(): Promise<void>;
}

const projectId = "6f0a4ac2-5d0b-4c53-9a5e-2f4d1f6f3a10";

function emulatorOf(options: DigitalOceanApiOptions): Emulator {
  const resolved = resolveOptions(options);
  const now = () => apiTime(resolved.now());
  const store = new Store(resolved.databaseFile);
  const log = new EventLog(resolved.logFile);
  const { hypervisor, delays } = resolved;
  const firewalls = new FirewallSync(store, hypervisor, log, now, delays.firewall);
  const loadBalancers = new LoadBalancerSync({ store, hypervisor, log, now, delay: delays.loadBalancer });
  const networkChanged = () => {
    firewalls.changed();
    loadBalancers.changed();
  };
  const edges = new CurrentEdges(resolved.edges);
  const clock = () => resolved.now().getTime();
  const runner = new ActionRunner({
    ...{ store, hypervisor, firewalls, log, now, clock, delays, edges, networkChanged },
  });
  const certificates = new CertificateIssuance({
    ...{ store, log, issuer: resolved.certificateIssuer, now: resolved.now, delay: delays.certificate },
  });
  const faults = new FaultRules();
  return {
    options: resolved,
    store,
    runner,
    firewalls,
    loadBalancers,
    certificates,
    networkChanged,
    faults,
    edges,
    log,
    now,
    projectId,
  };
}

function makeDefaults(emulator: Emulator): void {
  emulator.store.transaction(() => {
    defaultProject(emulator);
    for (const region of emulator.options.regionsWithDefaultVpc) defaultVpc(emulator, region);
  });
}

async function reset(emulator: Emulator): Promise<void> {
  await emulator.runner.destroyEverything();
  await emulator.loadBalancers.destroyEverything();
  emulator.store.clear();
  emulator.faults.clear();
  emulator.edges.reset();
  makeDefaults(emulator);
}

/** Clients of DigitalOcean send "application/json" also with no body at all. */
function acceptEmptyBodies(server: FastifyInstance): void {
  server.removeContentTypeParser("application/json");
  const parse = server.getDefaultJsonParser("error", "error");
  server.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, body.toString(), done);
  });
}

/** Starts the emulator of DigitalOcean's API v2. Rejects when the address or the database file cannot be had. */
export async function startDigitalOceanApi(options: DigitalOceanApiOptions): Promise<DigitalOceanApi> {
  const emulator = emulatorOf(options);
  const server = fastify({ genReqId: () => randomUUID(), forceCloseConnections: true });
  acceptEmptyBodies(server);
  answerErrors(server);
  addHooks(server, emulator);
  server.setNotFoundHandler((request) => {
    throw notEmulated(`${request.method} ${request.url.split("?")[0] ?? ""}`);
  });
  apiRoutes(server, emulator);
  controlRoutes(server, emulator, () => reset(emulator));

  makeDefaults(emulator);
  let url: string;
  try {
    url = await server.listen({ host: emulator.options.address, port: emulator.options.port });
  } catch (error) {
    emulator.store.close();
    throw error;
  }
  emulator.runner.resume();
  emulator.loadBalancers.resume();
  emulator.certificates.resume();
  return {
    url,
    records: () => emulator.store.domainRecords.list(),
    close: async () => {
      emulator.runner.close();
      emulator.firewalls.close();
      emulator.loadBalancers.close();
      emulator.certificates.close();
      await server.close();
      emulator.store.close();
    },
  };
}
