/** One instance of a task group that has to run somewhere. */
export interface Instance {
  readonly group: string;
  /** MiB. */
  readonly memory: number;
  /** No node runs two instances of the group. */
  readonly onePerNode: boolean;
  /** Names of the nodes that can run it. Default: all. */
  readonly only?: readonly string[];
}

/** A node, and the MiB on it that are free. */
export interface Room {
  readonly name: string;
  readonly memory: number;
}

/**
 * The instances that find no node when each in turn, the largest first and those that few nodes can run before them,
 * takes the first node with room. If none is left over they do fit; some may be left over that another order would place.
 */
export function unplacedInstances(instances: readonly Instance[], rooms: readonly Room[]): Instance[] {
  const free = rooms.map(({ name, memory }) => ({ name, memory, groups: new Set<string>() }));
  const choices = ({ only }: Instance) => only?.length ?? Infinity;
  const order = [...instances].sort((one, other) =>
    choices(one) === choices(other) ? other.memory - one.memory : choices(one) - choices(other),
  );
  return order.filter((instance) => {
    const room = free.find(
      ({ name, memory, groups }) =>
        memory >= instance.memory &&
        (instance.only?.includes(name) ?? true) &&
        !(instance.onePerNode && groups.has(instance.group)),
    );
    if (room === undefined) return true;
    room.memory -= instance.memory;
    room.groups.add(instance.group);
    return false;
  });
}
