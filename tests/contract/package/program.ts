export const json = (value: unknown) => JSON.stringify(value, null, 2);

const good = `
  import * as pulumi from "@pulumi/pulumi";
  import { mackerelAgent, NomadCluster, SystemMonitoringAgent } from "nomad-digitalocean";
  const cluster = new NomadCluster("nomad", { operatorCidrs: ["192.0.2.7/32"], serverCount: 1 });
  const agent = new SystemMonitoringAgent("mackerel", {
    connection: cluster.connection,
    agent: mackerelAgent({ roles: ["blog:nodes"] }),
    apiKey: pulumi.secret("canary-api-key"),
  });
  export const jobId: pulumi.Output<string> = agent.jobId;
`;
const wrong = `
  import { NomadCluster } from "nomad-digitalocean";
  new NomadCluster("nomad", { operatorCidrs: "192.0.2.7/32", serverCont: 1 });
  new NomadCluster("nomad", {});
`;

/** A program that depends on the package, by file. `wrong.ts` has what its types refuse. */
export const programFiles = {
  "package.json": json({
    name: "program",
    type: "module",
    dependencies: { "@pulumi/pulumi": "^3.270.0", "nomad-digitalocean": "^0.1.0" },
  }),
  "Pulumi.yaml": json({
    name: "program",
    main: "index.ts",
    runtime: { name: "nodejs", options: { typescript: false } },
  }),
  "tsconfig.json": json({
    // Declarations of the package are checked too.
    compilerOptions: {
      module: "nodenext",
      target: "es2024",
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: [],
    },
  }),
  "index.ts": good,
  "wrong.ts": wrong,
};
