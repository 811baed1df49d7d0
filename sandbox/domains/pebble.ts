import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import path from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { startServiceProcess } from "../mirrors/service-process.ts";

export interface PebbleOptions {
  /** Holds its own certificate and configuration. */
  readonly directory: string;
  readonly logFile: string;
  readonly address: string;
  readonly ports: { readonly acme: number; readonly management: number };
  /** `ADDRESS:PORT` of the name server that it asks. */
  readonly dnsServer: string;
}

/** A running Pebble, Let's Encrypt's server for tests, which validates as Let's Encrypt does. */
export interface Pebble {
  /** URL of the ACME directory. */
  readonly directoryUrl: string;
  /** Knows Pebble's own certificate. */
  readonly agent: Agent;
  /** PEM of the certificate that its chains end with; another one each time that Pebble starts. */
  root(): Promise<string>;
  close(): Promise<void>;
}

/** Starts Pebble. Rejects if it does not listen within 20 s. */
export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const { directory, logFile, address, ports, dnsServer } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const own = await ownCertificate(directory, address);
  const configuration = path.join(directory, "pebble.json");
  const pebble = {
    listenAddress: `${address}:${ports.acme}`,
    managementListenAddress: `${address}:${ports.management}`,
    certificate: own.certificate,
    privateKey: own.privateKey,
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
  };
  await writeFile(configuration, JSON.stringify({ pebble }, undefined, 2));
  const service = await startServiceProcess({
    program: "env",
    args: [
      // It would wait up to 15 s before each validation, and refuse a part of the nonces.
      ...["PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0"],
      ...["pebble", "-config", configuration, "-dnsserver", dnsServer],
    ],
    ...{ address, port: ports.acme, logFile },
  });
  const agent = new Agent({ ca: await readFile(own.certificate) });
  return {
    directoryUrl: `https://${address}:${ports.acme}/dir`,
    agent,
    root: () => get(`https://${address}:${ports.management}/roots/0`, agent),
    close: async () => {
      agent.destroy();
      await service.close();
    },
  };
}

async function get(url: string, agent: Agent): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(url, { agent }, (response) => {
    if (response.statusCode === 200) text(response).then(resolve, reject);
    else reject(new Error(`${url} answers with ${response.statusCode}`));
  })
    .once("error", reject)
    .end();
  return promise;
}

/** Pebble speaks https only, with a certificate that it is given. */
async function ownCertificate(directory: string, address: string) {
  const files = {
    certificate: path.join(directory, `${address}.pem`),
    privateKey: path.join(directory, `${address}-key.pem`),
  };
  if (!existsSync(files.certificate))
    await execa("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650"],
      ...["-subj", "/CN=pebble", "-addext", `subjectAltName=IP:${address}`],
      ...["-keyout", files.privateKey, "-out", files.certificate],
    ]);
  return files;
}
