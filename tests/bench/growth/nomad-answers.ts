/** A node of a simulated cluster, which is always ready. */
export interface SimulatedNode {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly isServer: boolean;
  readonly meta: Readonly<Record<string, string>>;
}

export interface SimulatedState {
  readonly nodes: SimulatedNode[];
  /** The servers', in base64. */
  gossipKey: string;
  /** Secret of the management token; undefined before the ACL bootstrap. */
  managementToken: string | undefined;
}

export interface NomadRequest {
  readonly method: string;
  readonly path: string;
  /** Secret of the caller's token. */
  readonly token: string;
  readonly content: object;
}

export interface NomadAnswer {
  readonly status: number;
  readonly content: unknown;
}

const found = (content: unknown): NomadAnswer => ({ status: 200, content });
const denied: NomadAnswer = { status: 403, content: "Permission denied" };

/** What Nomad would answer whoever declares a cluster and its token, as far as this project's program asks. */
export function answerOf(state: SimulatedState, request: NomadRequest): NomadAnswer {
  const { method, path, token } = request;
  const servers = state.nodes.filter(({ isServer }) => isServer);
  const [leader] = servers;
  const rpc = ({ address }: SimulatedNode) => `${address}:4647`;
  const [, nodeId] = /^\/v1\/node\/([^/]+)$/.exec(path) ?? [];
  const serverOf = (node: SimulatedNode) => ({
    ID: node.id,
    Leader: node === leader,
    Voter: true,
  });
  if (path === "/v1/status/leader") return found(leader ? rpc(leader) : "");
  if (path === "/v1/status/peers") return found(servers.map(rpc));
  if (path === "/v1/acl/bootstrap") {
    if (state.managementToken !== undefined) return { status: 400, content: "ACL bootstrap already done" };
    state.managementToken = (request.content as { BootstrapSecret: string }).BootstrapSecret;
    return found({});
  }
  if (token !== state.managementToken) return denied;
  if (path === "/v1/acl/token/self") return found({});
  if (path === "/v1/jobs" || path === "/v1/allocations") return found([]);
  if (path === "/v1/nodes") return found(state.nodes.map(listed));
  if (nodeId !== undefined) {
    const node = state.nodes.find(({ id }) => id === nodeId);
    return node ? found({ ...listed(node), Meta: node.meta }) : { status: 404, content: "node not found" };
  }
  if (path === "/v1/operator/autopilot/health")
    return found({
      Healthy: true,
      Servers: servers.map((node) => ({
        ...serverOf(node),
        Name: `${node.name}.global`,
        SerfStatus: "alive",
        Healthy: true,
      })),
    });
  if (path === "/v1/operator/raft/configuration")
    return found({
      Servers: servers.map((node) => ({
        ...serverOf(node),
        Node: `${node.name}.global`,
        Address: rpc(node),
      })),
    });
  if (path === "/v1/agent/keyring/list")
    return found({ Keys: { [state.gossipKey]: servers.length }, NumNodes: servers.length });
  if (method === "PUT" && path.startsWith("/v1/acl/policy/")) return found({});
  if (method === "PUT" && path === "/v1/acl/token")
    return found({ ...request.content, AccessorID: "deploy", SecretID: "deploy-secret" });
  return { status: 404, content: `the simulated cluster does not answer ${method} ${path}` };
}

function listed({ id, name, address }: SimulatedNode) {
  return {
    ...{ ID: id, Name: name, Address: address, Datacenter: "dc1", Status: "ready" },
    ...{ SchedulingEligibility: "eligible", Drain: false, LastDrain: null },
  };
}
