import { dropletNameOf, nodeNameOf } from "../../../components/nodes/names.ts";
import type { Slot } from "../../../components/nodes/names.ts";
import type { AgentApi, ServerApi } from "../../../components/rollout/failover.ts";
import type { NodeDetail } from "../../../components/clients/nomad/types.ts";
import { ApiError } from "../../../components/clients/request.ts";
import type { ClusterDroplet } from "../../../components/rollout/observe/account-droplets.ts";
import { clusterDroplet } from "./cluster-droplet.ts";
import {
  autopilotHealth,
  isUp,
  nodeEntry,
  nodeOffer,
  raftPeers,
  volumeAllocations,
  volumeJob,
  volumeJobDetail,
} from "./fake-answers.ts";
import type { Member } from "./fake-answers.ts";

/**
 * A fake Nomad for unit tests of the rollout's order: nodes with a server each, drains that end at once, and no job but
 * the one that a volume's node runs, if there is a volume.
 * A dead server stays a peer, as in Nomad, until someone drops it. One that is dropped while its agent runs is back soon.
 */
export class FakeNomad implements ServerApi {
  calls = 0;
  mostAway = 0;
  leadersKilled = 0;
  /** False while the servers know a leader, and have not heard of it by gossip. */
  serves = true;
  /** What new droplets' configuration says. */
  gossipKey = "key of before";
  /** Slot that the program gives the volume to. */
  volumeSlot: Slot | undefined;
  /** Droplets whose agents never register. */
  #unregistered: { id: string; slot: Slot; status: string }[] = [];
  /** Ids of droplets that the account does not list, and of those without the cluster's tag. */
  readonly unlisted = new Set<string>();
  readonly untagged = new Set<string>();
  readonly drained: string[] = [];
  #members: Member[] = [];
  #leader = "";
  #created = 0;

  static of(slots: readonly Slot[], spec: string, leader: Slot, volumeSlot?: Slot): FakeNomad {
    const nomad = new FakeNomad();
    nomad.volumeSlot = volumeSlot;
    for (const slot of slots) nomad.#add(slot, spec);
    nomad.#leader = nomad.nameOf(leader);
    return nomad;
  }
  droplets(): ClusterDroplet[] {
    const running = this.#present().map(({ id, slot, hasVolume, isOff }) => ({
      ...{ id, slot, status: isOff ? "off" : "active", volumeIds: hasVolume ? ["volume"] : [] },
    }));
    const listed = [...running, ...this.#unregistered].filter(({ id }) => !this.unlisted.has(id));
    return listed.map(({ slot, ...droplet }) =>
      clusterDroplet({
        ...droplet,
        name: dropletNameOf("blog", slot),
        tagged: !this.untagged.has(droplet.id),
      }),
    );
  }
  specOf(slot: Slot): string | undefined {
    return this.#in(slot)?.spec;
  }
  nameOf(slot: Slot): string {
    return this.#in(slot)?.name ?? "";
  }
  idOf(slot: Slot): string {
    return this.#in(slot)!.id;
  }
  setSpec(slot: Slot, spec: string): void {
    this.#in(slot)!.spec = spec;
  }
  peerNames(): string[] {
    return this.#peers().map(({ name }) => name);
  }
  allEligible(): boolean {
    return this.#present().every(({ eligible }) => eligible);
  }
  /** The droplet with this id shuts down. */
  switchOff(id: string): void {
    const member = this.#of(id);
    const isAlone = this.#present().length === 1;
    if (this.#leader === member.name && !isAlone) throw new Error("the leader is not to be shut down");
    member.isOff = true;
  }
  /** The droplet boots, and its server joins. */
  switchOn(id: string): void {
    Object.assign(this.#of(id), { isOff: false, peer: true });
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
    const hasVolume = this.volumeSlot === slot;
    if (hasVolume && others.some((other) => other.hasVolume))
      throw new Error("the volume is attached already");
    const state = { eligible: true, meta: null, present: true, isOff: false, peer: true };
    this.#members.push({ id, slot, name, spec, keys, hasVolume, ...state });
  }
  #present(): Member[] {
    return this.#members.filter(({ present }) => present);
  }
  #peers(): Member[] {
    return this.#members.filter(({ peer }) => peer);
  }
  #in(slot: Slot): Member | undefined {
    return this.#present().find((member) => member.slot === slot);
  }
  #of(id: string): Member {
    const member = this.#members.find((candidate) => candidate.id === id);
    if (!member) throw new Error(`no node ${id}`);
    return member;
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
    const there = async () => {
      const member = this.#in(slot);
      return member && isUp(member) ? member : await Promise.reject<Member>(new Error("connect ETIMEDOUT"));
    };
    return {
      leader: () => there().then(() => this.leader()),
      staleView: () => there().then(() => this.#answer({ leader: this.#leader, peers: this.peerNames() })),
      serverName: () => there().then(({ name }) => this.#answer(`${name}.global`)),
    };
  }
  nodes() {
    return this.#answer(this.#members.map((member) => nodeEntry(member)));
  }
  node(id: string): Promise<NodeDetail> {
    const member = this.#of(id);
    const { slot, spec } = member;
    const details = { Datacenter: "sgp1", HostVolumes: null, Meta: { slot, spec }, DrainStrategy: null };
    return this.#answer({ ...nodeEntry(member), ...details });
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
    return this.#answer(autopilotHealth(this.#peers(), this.#leader));
  }
  raftPeers() {
    return this.#answer(raftPeers(this.#peers(), this.#leader));
  }
  transferLeadership(raftId: string) {
    this.#leader = this.#of(raftId).name;
    return this.#answer(undefined);
  }
  removePeer(raftId: string) {
    const member = this.#of(raftId);
    member.peer = false;
    if (isUp(member)) setTimeout(() => (member.peer ||= isUp(member)), 2_000);
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
  readonly jobs = () => this.#answer(this.volumeSlot === undefined ? [] : [volumeJob]);
  readonly job = () => this.#answer(volumeJobDetail);
  readonly allocations = () => this.#answer(this.#present().flatMap(volumeAllocations));
  readonly nodeOffers = () => this.#answer(this.#present().map(nodeOffer));
  readonly jobEvaluations = () => this.#answer([]);
}
