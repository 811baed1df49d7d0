import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";
import { conflict, notFound } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import {
  checkFirewallLimits,
  checkTargets,
  parseFirewall,
  parseFirewallRules,
} from "../rules/firewall-rules.ts";
import type { KnownPeers } from "../rules/firewall-rules.ts";
import { paginate } from "../rules/pagination.ts";
import type { Firewall, StoredFirewallRule } from "../store/entities.ts";
import { findTag } from "../resources/tags.ts";
import { firewallView } from "../views/views.ts";

interface ById {
  Params: { id: string };
}
type Change = (firewall: Firewall, body: Fields, known: KnownPeers) => Partial<Firewall>;

export function firewallRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const known: KnownPeers = {
    hasTag: (name) => findTag(emulator, name) !== undefined,
    hasDroplet: (id) => store.droplets.get(id) !== undefined,
    hasLoadBalancer: (id) => store.loadBalancers.get(id) !== undefined,
  };
  const requireFirewall = (id: string): Firewall => {
    const firewall = store.firewalls.get(id);
    if (firewall === undefined) throw notFound();
    return firewall;
  };
  const put = (firewall: Omit<Firewall, "failed">): Firewall => {
    if (store.firewalls.where("name", firewall.name).some((other) => other.id !== firewall.id)) {
      throw conflict(`duplicate name: there is a firewall [${firewall.name}] already`);
    }
    const stored: Firewall = { ...firewall, failed: false };
    store.firewalls.put(stored);
    emulator.networkChanged();
    return stored;
  };

  server.post("/v2/firewalls", (request, reply) => {
    const firewall = store.transaction(() => {
      const wanted = parseFirewall(new Fields(request.body), known);
      return put({ ...wanted, id: randomUUID(), createdAt: emulator.now() });
    });
    // The answer to the creation is always "waiting", even if there is no droplet to wait for.
    return reply.code(202).send({ firewall: { ...firewallView(emulator, firewall), status: "waiting" } });
  });

  server.get("/v2/firewalls", (request) => {
    const { items, links, meta } = paginate(store.firewalls.list(), requestUrl(request));
    return { firewalls: items.map((firewall) => firewallView(emulator, firewall)), links, meta };
  });

  server.get<ById>("/v2/firewalls/:id", (request) => ({
    firewall: firewallView(emulator, requireFirewall(request.params.id)),
  }));

  server.put<ById>("/v2/firewalls/:id", (request) => {
    const firewall = store.transaction(() => {
      const { id, createdAt } = requireFirewall(request.params.id);
      return put({ ...parseFirewall(new Fields(request.body), known), id, createdAt });
    });
    return { firewall: firewallView(emulator, firewall) };
  });

  server.delete<ById>("/v2/firewalls/:id", (request, reply) => {
    store.transaction(() => store.firewalls.delete(requireFirewall(request.params.id).id));
    emulator.networkChanged();
    return reply.code(204).send();
  });

  const change = (path: string, method: "POST" | "DELETE", changed: Change) => {
    server.route<ById>({
      method,
      url: `/v2/firewalls/:id/${path}`,
      handler: (request: FastifyRequest<ById>, reply: FastifyReply) => {
        store.transaction(() => {
          const firewall = requireFirewall(request.params.id);
          const result = { ...firewall, ...changed(firewall, new Fields(request.body), known) };
          checkFirewallLimits(result);
          put(result);
        });
        return reply.code(204).send();
      },
    });
  };
  change("droplets", "POST", addDroplets);
  change("droplets", "DELETE", ({ dropletIds }, body) => ({
    dropletIds: dropletIds.filter((id) => !body.integers("droplet_ids").includes(id)),
  }));
  change("tags", "POST", addTags);
  change("tags", "DELETE", ({ tags }, body) => ({
    tags: tags.filter((tag) => !body.strings("tags").includes(tag)),
  }));
  change("rules", "POST", (firewall, body, peers) => {
    const { inbound, outbound } = parseFirewallRules(body, peers);
    return { inbound: [...firewall.inbound, ...inbound], outbound: [...firewall.outbound, ...outbound] };
  });
  change("rules", "DELETE", (firewall, body, peers) => {
    const { inbound, outbound } = parseFirewallRules(body, peers);
    return {
      inbound: withoutRules(firewall.inbound, inbound),
      outbound: withoutRules(firewall.outbound, outbound),
    };
  });
}

const addDroplets: Change = ({ dropletIds }, body, known) => {
  const added = body.integers("droplet_ids");
  checkTargets({ tags: [], dropletIds: added }, body, known);
  return { dropletIds: [...new Set([...dropletIds, ...added])] };
};

const addTags: Change = ({ tags }, body, known) => {
  const added = body.strings("tags");
  checkTargets({ tags: added, dropletIds: [] }, body, known);
  return { tags: [...new Set([...tags, ...added])] };
};

function withoutRules(rules: readonly StoredFirewallRule[], removed: readonly StoredFirewallRule[]) {
  const texts = new Set(removed.map((rule) => JSON.stringify(rule)));
  return rules.filter((rule) => !texts.has(JSON.stringify(rule)));
}
