/** Id of the droplet behind a node, or that a request is about: the node's name and the request's path end in it. */
export function dropletIdOf(nodeNameOrPath: string): number {
  return Number(/\d+$/.exec(nodeNameOrPath)?.[0]);
}
