// The agent as it ran at first: a service job that is counted, and kept off nodes that have one.
import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { NomadJob, serviceJob, serviceTaskGroup } from "../../../components/index.ts";
import { agent, apiKey, connection, provider } from "./agent.ts";

const stateDirectory = "/var/lib/agent-state";
// Not where a SystemMonitoringAgent keeps its key, so that neither removes the other's when one takes the other's place.
const path = `nomad/jobs/${agent.name}/agents`;

const items = pulumi.secret({ apiKey, clusterAddress: connection.address });
const variable = new nomad.Variable("service-key", { path, items }, { provider });

const job = pulumi.unsecret(connection.datacenter).apply((datacenter) =>
  serviceJob({
    id: agent.name,
    datacenters: [datacenter],
    constraints: [{ attribute: "", operator: "distinct_hosts", value: "true" }],
    groups: {
      agents: serviceTaskGroup({
        count: 3,
        volumes: { state: { source: "agent-state" } },
        tasks: {
          agent: {
            image: agent.image,
            ...(agent.command !== undefined && { command: agent.command }),
            args: agent.args,
            networkMode: "host",
            environment: { AGENT_STATE_DIRECTORY: `${stateDirectory}/${agent.name}` },
            templates: (agent.files ?? []).map(({ name, text }) => ({
              text: `{{ with nomadVar "${path}" }}${text}{{ end }}`,
              destination: `secrets/${name}`,
              permissions: "0400",
            })),
            volumeMounts: [{ volume: "state", destination: stateDirectory }],
            resources: { cpu: agent.cpu, memory: agent.memory },
            killTimeout: agent.killTimeout,
          },
        },
      }),
    },
  }),
);

new NomadJob(
  "agent",
  { connection, job },
  {
    providers: [provider],
    dependsOn: variable,
    // On the way back: the job of the SystemMonitoringAgent that had this name.
    aliases: [{ parent: pulumi.createUrn("agent", "nomad-digitalocean:index:SystemMonitoringAgent") }],
  },
);
