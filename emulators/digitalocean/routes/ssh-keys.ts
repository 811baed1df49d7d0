import type { FastifyInstance } from "fastify";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";
import { notFound, unprocessable } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import { paginate } from "../rules/pagination.ts";
import { sshFingerprint } from "../rules/ssh-public-key.ts";
import type { SshKey } from "../store/entities.ts";
import { sshKeyView } from "../views/views.ts";

interface ByKey {
  Params: { key: string };
}

export function sshKeyRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const requireKey = (key: string): SshKey => {
    const found = store.sshKeys
      .list()
      .find(({ id, fingerprint }) => String(id) === key || fingerprint === key);
    if (found === undefined) throw notFound();
    return found;
  };

  server.post("/v2/account/keys", (request, reply) => {
    const key = store.transaction(() => {
      const body = new Fields(request.body);
      const name = body.string("name");
      const publicKey = body.string("public_key");
      const fingerprint = sshFingerprint(publicKey);
      if (fingerprint === undefined)
        throw unprocessable("Key invalid, key should be of the format `type key [comment]`");
      if (store.sshKeys.where("fingerprint", fingerprint).length > 0) {
        throw unprocessable("SSH Key is already in use on your account");
      }
      const created = { id: store.nextId("ssh key", 40_000_001), name, publicKey, fingerprint };
      store.sshKeys.put(created);
      return created;
    });
    return reply.code(201).send({ ssh_key: sshKeyView(key) });
  });

  server.get("/v2/account/keys", (request) => {
    const { items, links, meta } = paginate(store.sshKeys.list(), requestUrl(request));
    return { ssh_keys: items.map(sshKeyView), links, meta };
  });

  server.get<ByKey>("/v2/account/keys/:key", (request) => ({
    ssh_key: sshKeyView(requireKey(request.params.key)),
  }));

  server.put<ByKey>("/v2/account/keys/:key", (request) => {
    const key = store.transaction(() => {
      const renamed = { ...requireKey(request.params.key), name: new Fields(request.body).string("name") };
      store.sshKeys.put(renamed);
      return renamed;
    });
    return { ssh_key: sshKeyView(key) };
  });

  server.delete<ByKey>("/v2/account/keys/:key", (request, reply) => {
    store.transaction(() => store.sshKeys.delete(requireKey(request.params.key).id));
    return reply.code(204).send();
  });
}
