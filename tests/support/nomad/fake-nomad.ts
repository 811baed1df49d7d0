import { dropletNameOf, nodeNameOf } from "../../../components/nodes/names.ts";
import type { Slot } from "../../../components/nodes/names.ts";
import type { AgentApi, ServerApi } from "../../../components/rollout/failover.ts";
import type { NodeDetail, NodeListEntry } from "../../../components/clients/nomad/types.ts";
import { ApiError } from "../../../components/clients/request.ts";
import type { ClusterDroplet } from "../../../components/rollout/observe/account-droplets.ts";
import { clusterDroplet } from "./cluster-droplet.ts";

interface Member {
  readonly id: string;
  readonly slot: Slot;
  readonly name: string;
  spec: string;
  eligible: boolean;
  meta: Record<string, string> | null;
  /** False once its droplet is gone: the node is down, but the server stays a peer until it is dropped. */
  present: boolean;
  peer: boolean;
  /** Gossip keys, the one that encrypts first. */
  keys: string[];
}

/**
 * A fake Nomad for unit tests of the rollout's order: nodes with a server each, no jobs, drains that end at once.
 * A dead server stays a peer, as in Nomad, until someone drops it.
 */
export class FakeNomad implements ServerApi {
  calls = 0;
  mostAway = 0;
  leadersKilled = 0;
  /** False while the servers know a leader, and have not heard of it by gossip. */
  serves = true;
  /** What new droplets' configuration says. */
  gossipKey = "key of before";
  /** Droplets whose agents never register. */
  #unregistered: { id: string; slot: Slot; status: string }[] = [];
  /** Ids of droplets that the account does not list, and of those without the cluster's tag. */
  readonly unlisted = new Set<string>();
  readonly untagged = new Set<string>();
  readonly drained: string[] = [];
  #members: Member[] = [];
  #leader = "";
  #created = 0;

  static of(slots: readonly Slot[], spec: string, leader: Slot): FakeNomad {
    const nomad = new FakeNomad();
    for (const slot of slots) nomad.#add(slot, spec);
    nomad.#leader = nomad.nameOf(leader);
    return nomad;
  }

  droplets(): ClusterDroplet[] {
    const running = this.#present().map(({ id, slot }) => ({ id, slot, status: "active" }));
    const listed = [...running, ...this.#unregistered].filter(({ id }) => !this.unlisted.has(id));
    return listed.map(({ id, slot, status }) =>
      clusterDroplet({ id, name: dropletNameOf("blog", slot), status, tagged: !this.untagged.has(id) }),
    );
  }
  specOf(slot: Slot): string | undefined {
    return this.#in(slot)?.spec;
  }
  nameOf(slot: Slot): string {
    return this.#in(slot)?.name ?? "";
  }
  setSpec(slot: Slot, spec: string): void {
    this.#in(slot)!.spec = spec;
  }
  peerNames(): string[] {
    return this.#members.filter(({ peer }) => peer).map(({ name }) => name);
  }
  allEligible(): boolean {
    return this.#present().every(({ eligible }) => eligible);
  }

  /** The droplet is deleted. */
  remove(slot: Slot): void {
    const member = this.#in(slot);
    if (!member) return;
    member.present = false;
    this.mostAway = Math.max(this.mostAway, 3 - this.#present().length);
    if (this.#leader !== member.name) return;
    this.leadersKilled += 1;
    this.#leader = this.#present()[0]?.name ?? "";
  }
  async replace(slot: Slot, spec: string): Promise<void> {
    this.remove(slot);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    this.#add(slot, spec);
  }

  /** A second droplet in the slot, which is not the one that `nameOf` tells. Returns its node's name. */
  addDuplicate(slot: Slot, spec: string): string {
    this.#add(slot, spec);
    const own = this.#present().filter((member) => member.slot === slot);
    return own.at(-1)!.name;
  }
  addUnregistered(slot: Slot, id: string, status = "active"): void {
    this.#unregistered.push({ id, slot, status });
  }
  /** The droplet with this id is deleted. */
  removeById(id: string): void {
    if (this.#unregistered.some((droplet) => droplet.id === id))
      this.#unregistered = this.#unregistered.filter((droplet) => droplet.id !== id);
    else this.#of(id).present = false;
  }
  /** The droplet of {@link addUnregistered} is created, and its node joins. */
  activate(id: string, spec: string): void {
    const { slot } = this.#unregistered.find((droplet) => droplet.id === id)!;
    this.removeById(id);
    this.#add(slot, spec, id);
  }
  #add(slot: Slot, spec: string, id = String((this.#created += 1))): void {
    const name = nodeNameOf({ name: dropletNameOf("blog", slot), id });
    const others = this.#present();
    if (others.length > 0 && !others.every(({ keys }) => keys.includes(this.gossipKey)))
      throw new Error(`${name} cannot join, for its gossip key is not that of the others`);
    const keys = [this.gossipKey];
    this.#members.push({ id, slot, name, spec, eligible: true, meta: null, present: true, peer: true, keys });
  }
  #present(): Member[] {
    return this.#members.filter(({ present }) => present);
  }
  #in(slot: Slot): Member | undefined {
    return this.#present().find((member) => member.slot === slot);
  }
  #of(id: string): Member {
    const member = this.#members.find((candidate) => candidate.id === id);
    if (!member) throw new Error(`no node ${id}`);
    return member;
  }
  #entry(member: Member): NodeListEntry {
    return {
      ID: member.id,
      Name: member.name,
      Status: member.present ? "ready" : "down",
      SchedulingEligibility: member.eligible ? "eligible" : "ineligible",
      Drain: false,
      LastDrain: member.meta && { Status: "complete", Meta: member.meta },
    };
  }
  #answer<Value>(value: Value): Promise<Value> {
    this.calls += 1;
    return Promise.resolve(value);
  }

  leader(): Promise<string> {
    if (!this.serves)
      return Promise.reject(new ApiError("GET", "/v1/status/leader", 500, "No cluster leader"));
    return this.#answer(this.#leader);
  }
  /** The agent at the slot's addresses. */
  agent(slot: Slot): AgentApi {
    const there = async () =>
      this.#in(slot) ?? (await Promise.reject<Member>(new Error("connect ETIMEDOUT")));
    return {
      leader: () => there().then(() => this.leader()),
      staleView: () => there().then(() => this.#answer({ leader: this.#leader, peers: this.peerNames() })),
      serverName: () => there().then(({ name }) => this.#answer(`${name}.global`)),
    };
  }
  nodes() {
    return this.#answer(this.#members.map((member) => this.#entry(member)));
  }
  node(id: string): Promise<NodeDetail> {
    const member = this.#of(id);
    const { slot, spec } = member;
    const details = { Datacenter: "sgp1", HostVolumes: null, Meta: { slot, spec }, DrainStrategy: null };
    return this.#answer({ ...this.#entry(member), ...details });
  }
  readonly nodeAllocations = () => this.#answer([]);
  drain(id: string, _deadline: number, meta: Record<string, string>) {
    const member = this.#of(id);
    Object.assign(member, { eligible: false, meta });
    this.drained.push(member.slot);
    return this.#answer(undefined);
  }
  endDrain(id: string) {
    this.#of(id).eligible = true;
    return this.#answer(undefined);
  }
  readonly touch = () => this.#answer(undefined);
  purgeNode(id: string) {
    const { present, peer } = this.#of(id);
    if (present || peer) throw new Error("only a node that is gone and no peer is to be purged");
    this.#members = this.#members.filter((member) => member.id !== id);
    return this.#answer(undefined);
  }
  autopilotHealth() {
    const Servers = this.#members
      .filter(({ peer }) => peer)
      .map(({ id, name, present }) => ({
        ID: id,
        Name: `${name}.global`,
        SerfStatus: present ? "alive" : "failed",
        Leader: name === this.#leader,
        Healthy: present,
        Voter: true,
      }));
    return this.#answer({ Healthy: Servers.every(({ Healthy }) => Healthy), Servers });
  }
  raftPeers() {
    return this.#answer(
      this.#members
        .filter(({ peer }) => peer)
        .map(({ id, name }) => ({
          ID: id,
          Node: `${name}.global`,
          Address: `10.104.0.${id}:4647`,
          Leader: name === this.#leader,
          Voter: true,
        })),
    );
  }
  transferLeadership(raftId: string) {
    this.#leader = this.#of(raftId).name;
    return this.#answer(undefined);
  }
  removePeer(raftId: string) {
    this.#of(raftId).peer = false;
    return this.#answer(undefined);
  }
  readonly forceLeave = () => this.#answer(undefined);
  gossipKeys() {
    const asked = this.#present();
    const all = asked.flatMap(({ keys }) => keys);
    const Keys = Object.fromEntries(all.map((key) => [key, all.filter((other) => other === key).length]));
    return this.#answer({ Keys, NumNodes: asked.length });
  }
  installGossipKey(key: string) {
    for (const { keys } of this.#present()) if (!keys.includes(key)) keys.push(key);
    return this.#answer(undefined);
  }
  useGossipKey(key: string) {
    for (const member of this.#present()) {
      if (!member.keys.includes(key)) throw new Error("the key is not installed");
      member.keys = [key, ...member.keys.filter((other) => other !== key)];
    }
    return this.#answer(undefined);
  }
  removeGossipKey(key: string) {
    for (const member of this.#present()) {
      if (member.keys[0] === key) throw new Error("the key is in use");
      member.keys = member.keys.filter((other) => other !== key);
    }
    return this.#answer(undefined);
  }
  readonly jobs = () => this.#answer([]);
  readonly allocations = () => this.#answer([]);
  readonly jobEvaluations = () => this.#answer([]);
}
