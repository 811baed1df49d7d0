import type { ServerApi, WithFailover } from "../failover.ts";
import { firstSuccess, readServers } from "../observe/read-cluster.ts";
import { poll, NotYet } from "../poll.ts";
import type { PollOptions } from "../poll.ts";

/** Runs `save` until it succeeds. `nodeId` is any node of the cluster. */
export async function saveState(
  withFailover: WithFailover,
  save: () => Promise<string>,
  nodeId: string,
  options: PollOptions,
): Promise<string> {
  return poll(
    "saving Nomad's state",
    async () => {
      try {
        return await save();
      } catch (error) {
        const node = await withFailover((server) => server.node(nodeId));
        if (!node.DrainStrategy) await withFailover((server) => server.touch(node));
        throw error;
      }
    },
    options,
  );
}

/**
 * Resolves when a server answers by itself, at one of its addresses, what it has to ask the leader. One that joins while
 * gossip still knows a dead server may be a caught-up voter and know no leader for up to 63 s: it takes no notice of
 * gossip while it asks the dead one for its peers, six times (`maybeBootstrap` in Nomad 1.11's nomad/serf.go).
 */
export async function waitForServer(
  clients: readonly Pick<ServerApi, "leader">[],
  options: PollOptions,
): Promise<void> {
  await poll(
    "waiting for its agent to serve requests",
    async () => {
      const leader = await firstSuccess(clients.map((client) => client.leader()));
      return leader === "" ? new NotYet("it knows no leader") : true;
    },
    options,
  );
}

/** Hands leadership to another healthy voter if the node's server leads. `preferred` ones come first. */
export async function handOverLeadership(
  withFailover: WithFailover,
  nodeName: string,
  preferred: (name: string) => boolean,
  options: PollOptions,
): Promise<void> {
  await poll(
    "handing over leadership",
    async () => {
      const servers = await readServers(withFailover);
      const leader = servers.find(({ leads }) => leads);
      if (!leader) return new NotYet("the servers have no leader");
      if (leader.name !== nodeName) return true;
      const voters = servers.filter((server) => server.healthy && server.name !== nodeName);
      const heir = voters.find(({ name }) => preferred(name)) ?? voters[0];
      if (!heir) return new NotYet("no other server is a healthy voter");
      await withFailover((server) => server.transferLeadership(heir.id));
      return new NotYet(`${heir.name} is to lead`);
    },
    options,
  );
}

/**
 * Drops servers whose droplets are gone from the Raft peers and from gossip. It does not wait for gossip to notice, for
 * until then the dead one counts as a voter.
 */
export async function dropServers(
  withFailover: WithFailover,
  isGone: (server: { readonly id: string; readonly name: string }) => boolean,
  region: string,
  options: PollOptions,
): Promise<void> {
  await poll(
    "dropping dead servers",
    async () => {
      const gone = (await readServers(withFailover)).filter(isGone);
      for (const { id, name } of gone) {
        // Out of gossip first, or the leader adds it again.
        if (name !== "") await withFailover((server) => server.forceLeave(`${name}.${region}`));
        await withFailover((server) => server.removePeer(id));
      }
      return gone.length === 0
        ? true
        : new NotYet(`${gone.map(({ name, id }) => name || id).join(", ")} removed`);
    },
    options,
  );
}

/** Takes the node's server out of the Raft peers. While its agent runs, the leader may add it again. */
export async function removePeer(
  withFailover: WithFailover,
  nodeName: string,
  options: PollOptions,
): Promise<void> {
  let removed = false;
  await poll(
    "leaving the Raft peers",
    async () => {
      const peer = (await readServers(withFailover)).find(({ name }) => name === nodeName);
      if (!peer || removed) return true;
      await withFailover((server) => server.removePeer(peer.id));
      removed = true;
      return new NotYet(`${nodeName} removed`);
    },
    options,
  );
}
