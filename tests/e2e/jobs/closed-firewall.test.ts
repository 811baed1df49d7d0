import { afterAll, beforeAll, expect, test } from "vitest";
import { account } from "../../support/account.ts";
import type { Account } from "../../support/account.ts";
import { expectFrontPage } from "../../support/blog/blog.ts";
import { eventually, pulumi, sandboxPrinted, setConfig, status, up } from "../../support/sandbox.ts";

// The operators' machine is shut out, as after a change of its address, while there are droplets to replace.

interface Rule {
  readonly ports: string;
  readonly sources: { readonly addresses?: readonly string[] };
}
interface Firewall {
  readonly id: string;
  readonly name: string;
  readonly inbound_rules: readonly Rule[];
  readonly outbound_rules: readonly object[];
  readonly tags: readonly string[];
}

/** Somebody else's address, of a range that is for documentation only (RFC 5737). */
const elsewhere = "203.0.113.7/32";
const operatorPorts = ["22", "4646"];

let owner: Account;
let open: Firewall;
let image: string;
let blog: readonly string[];

const dropletIds = async () => {
  const { droplets } = await owner.get<{ droplets: { id: number }[] }>("/v2/droplets?per_page=200");
  return droplets.map(({ id }) => id).sort();
};
const putFirewall = ({ id, name, inbound_rules, outbound_rules, tags }: Firewall) =>
  owner.put(`/v2/firewalls/${id}`, { name, inbound_rules, outbound_rules, tags });

beforeAll(async () => {
  owner = await account();
  blog = (await status()).addresses.blog;
  const { firewalls } = await owner.get<{ firewalls: Firewall[] }>("/v2/firewalls?per_page=200");
  open = firewalls.find(({ name }) => name === "nomad-sandbox")!;
  image = (await pulumi("config", "get", "image").catch(() => "debian-12-x64")).trim();
  await putFirewall({
    ...open,
    inbound_rules: open.inbound_rules.map((rule) =>
      operatorPorts.includes(rule.ports) && rule.sources.addresses
        ? { ...rule, sources: { addresses: [elsewhere] } }
        : rule,
    ),
  });
  // The default gives droplets a quarter of an hour to boot.
  await setConfig("readyTimeout", "20s");
  await setConfig("image", image === "debian-12-x64" ? "debian-13-x64" : "debian-12-x64");
});
afterAll(async () => {
  await putFirewall(open);
  await setConfig("image", image);
  await pulumi("config", "rm", "readyTimeout");
  // The tests after these find a stack that is what its configuration says.
  await up();
});

test("an update that the firewall keeps out takes the cluster for no new one, and touches no droplet", async () => {
  const before = await dropletIds();
  const { exitCode, all } = await sandboxPrinted(
    "pulumi",
    "up",
    "--yes",
    "--skip-preview",
    "--non-interactive",
  );
  expect(exitCode).not.toBe(0);
  expect(all).toMatch(
    /no droplet is touched.*server-1 does not answer.*server-3 does not answer.*operatorCidrs/s,
  );
  expect(await dropletIds()).toEqual(before);
  // Readers come in by another port.
  await expectFrontPage(blog);
});

test("a preview says so too, and shows what it would change", async () => {
  const preview = await pulumi("preview", "--non-interactive");
  expect(preview).toMatch(/rollout: the cluster cannot be asked which slots would be replaced/);
  expect(preview).toMatch(/image/);
});

test("the next update has nothing to mend when the firewall is open and the image is what it was", async () => {
  const before = await dropletIds();
  await putFirewall(open);
  await setConfig("image", image);
  await eventually(30, up);
  await pulumi("preview", "--expect-no-changes", "--non-interactive");
  expect(await dropletIds()).toEqual(before);
});
