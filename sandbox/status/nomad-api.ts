import https from "node:https";

/** As `GET /v1/nodes` lists it. */
export interface NomadNode {
  readonly Name: string;
  readonly Status: string;
}

/** As `GET /v1/jobs` lists it. */
export interface NomadJob {
  readonly ID: string;
  readonly Namespace: string;
  readonly Type: string;
  readonly Priority: number;
  readonly Status: string;
}

/** As `GET /v1/allocations` lists it. */
export interface NomadAllocation {
  readonly JobID: string;
  readonly Namespace: string;
  readonly NodeName: string;
  readonly DesiredStatus: string;
  readonly ClientStatus: string;
  /** Id of the one that took its place, or "". */
  readonly NextAllocation: string;
}

export interface NomadApi {
  readonly address: string;
  readonly caCertificate: string;
  readonly token: string;
}

/** Nodes, jobs and allocations of all namespaces. Fails after five seconds without an answer. */
export async function readNomad(api: NomadApi) {
  const [nodes, jobs, allocations] = await Promise.all([
    get<NomadNode[]>(api, "/v1/nodes"),
    get<NomadJob[]>(api, "/v1/jobs?namespace=*"),
    get<NomadAllocation[]>(api, "/v1/allocations?namespace=*"),
  ]);
  return { nodes, jobs, allocations };
}

function get<Answer>(api: NomadApi, path: string): Promise<Answer> {
  const headers = { "X-Nomad-Token": api.token };
  return new Promise((resolve, reject) => {
    const request = https.get(
      new URL(path, api.address),
      { ca: api.caCertificate, headers, agent: false, timeout: 5000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if (response.statusCode === 200) resolve(JSON.parse(text) as Answer);
          else reject(new Error(`GET ${path} answered ${response.statusCode ?? "nothing"}: ${text.trim()}`));
        });
      },
    );
    request.on("timeout", () => request.destroy(new Error(`GET ${path}: no answer in 5 s`)));
    request.on("error", reject);
  });
}
