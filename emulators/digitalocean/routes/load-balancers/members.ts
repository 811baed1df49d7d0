import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { changeLoadBalancer } from "../../resources/load-balancers/change.ts";
import { partsOf } from "../../resources/load-balancers/parts.ts";
import { checkEntryPorts, parseForwardingRules } from "../../rules/load-balancers/forwarding-rules.ts";
import type { LoadBalancer } from "../../store/load-balancer.ts";
import { requireLoadBalancer } from "./load-balancers.ts";

interface ById {
  Params: { id: string };
}
type Change = (balancer: LoadBalancer, body: Fields) => Partial<LoadBalancer>;

/** Droplets and forwarding rules of a load balancer, one by one. */
export function loadBalancerMemberRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const change = (method: "POST" | "DELETE", path: string, changed: Change) => {
    server.route<ById>({
      method,
      url: `/v2/load_balancers/:id/${path}`,
      handler: (request, reply) => {
        store.transaction(() => {
          const before = requireLoadBalancer(emulator, request.params.id);
          changeLoadBalancer(emulator, before, changed(before, new Fields(request.body)));
        });
        emulator.networkChanged();
        return reply.code(204).send();
      },
    });
  };
  const rulesOf = (body: Fields) => parseForwardingRules(body, partsOf(emulator));

  change("POST", "droplets", ({ dropletIds, tag }, body) => ({
    dropletIds: [...new Set([...dropletIds, ...namedDroplets(tag, body)])],
  }));
  change("DELETE", "droplets", ({ dropletIds, tag }, body) => {
    const removed = namedDroplets(tag, body);
    return { dropletIds: dropletIds.filter((id) => !removed.includes(id)) };
  });
  change("POST", "forwarding_rules", ({ forwardingRules }, body) => {
    const rules = [...forwardingRules, ...rulesOf(body)];
    checkEntryPorts(rules);
    return { forwardingRules: rules };
  });
  change("DELETE", "forwarding_rules", ({ forwardingRules }, body) => {
    const removed = new Set(rulesOf(body).map((rule) => JSON.stringify(rule)));
    const rules = forwardingRules.filter((rule) => !removed.has(JSON.stringify(rule)));
    if (rules.length === 0)
      throw unprocessable("forwarding_rules: a load balancer must have one rule at least");
    return { forwardingRules: rules };
  });
}

function namedDroplets(tag: string, body: Fields): number[] {
  if (tag !== "") throw unprocessable("droplet_ids: the Droplets of this load balancer are named by its tag");
  const ids = body.integers("droplet_ids");
  if (ids.length === 0) throw unprocessable("need to provide either a tag or a list of droplets");
  return ids;
}
