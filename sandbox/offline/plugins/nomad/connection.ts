import { readFileSync } from "node:fs";
import { isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import { NomadClient } from "./client.ts";

const notEmpty = (value: string) => (value === "" ? undefined : value);

/** The client that the provider's configuration and, where it says nothing, the environment describe. */
export function nomadClient(
  configuration: Properties,
  environment: NodeJS.ProcessEnv = process.env,
): NomadClient {
  const ignored = configuration["ignoreEnvVars"];
  const setting = (property: string, variable: string) => {
    const given = notEmpty(text(configuration[property]));
    return (
      given ??
      (isMap(ignored) && ignored[variable] === true ? undefined : notEmpty(environment[variable] ?? ""))
    );
  };
  const pem = (content: string, file: string, variable: string) => {
    const given = notEmpty(text(configuration[content]));
    const path = given === undefined ? setting(file, variable) : undefined;
    return path === undefined ? given : readFileSync(path, "utf8");
  };
  const address = setting("address", "NOMAD_ADDR");
  if (address === undefined) throw new Error("no Nomad address: set the provider's address or NOMAD_ADDR");
  const headers = Array.isArray(configuration["headers"]) ? configuration["headers"].filter(isMap) : [];
  return new NomadClient({
    address,
    region: setting("region", "NOMAD_REGION"),
    token: setting("secretId", "NOMAD_TOKEN"),
    ca: pem("caPem", "caFile", "NOMAD_CACERT"),
    cert: pem("certPem", "certFile", "NOMAD_CLIENT_CERT"),
    key: pem("keyPem", "keyFile", "NOMAD_CLIENT_KEY"),
    serverName: notEmpty(environment["NOMAD_TLS_SERVER_NAME"] ?? ""),
    skipVerify: setting("skipVerify", "NOMAD_SKIP_VERIFY") === "true",
    basicAuth: setting("httpAuth", "NOMAD_HTTP_AUTH"),
    headers: Object.fromEntries(headers.map((header) => [text(header["name"]), text(header["value"])])),
  });
}
