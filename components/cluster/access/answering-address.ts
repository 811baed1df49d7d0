import * as pulumi from "@pulumi/pulumi";
import { NomadClient } from "../../clients/nomad/client.ts";
import { ResolvedInputError } from "../../validation.ts";
import { valueIfKnown } from "../../value-if-known.ts";

/** Where a cluster's API is. */
interface ApiAddresses {
  readonly address: string;
  /** More servers of the same cluster; `address` may be among them. */
  readonly addresses?: readonly string[] | undefined;
  readonly caCertificate: string;
}

/** Longest wait for the answers, in milliseconds. */
const answerTimeout = 3_000;

/** How long a choice is kept, in milliseconds. All jobs of a program ask within it. */
const choiceLifetime = 30_000;

const choices = new Map<string, { readonly madeAt: number; readonly choice: Promise<string> }>();

/**
 * `address`, or the first of `addresses` whose server answers while the one at `address` does not. It is `address` again
 * if none answers: whoever calls it says why. Throws if one of them is no URL.
 */
export function chooseAddress(api: ApiAddresses): Promise<string> {
  const { address, addresses = [], caCertificate } = api;
  const checked = [
    checkedAddress(address),
    ...addresses.map((one, index) => checkedAddress(one, `connection.addresses[${index}]`)),
  ];
  const candidates = [...new Set(checked)];
  const key = JSON.stringify([candidates, caCertificate]);
  const kept = choices.get(key);
  if (kept !== undefined && Date.now() - kept.madeAt < choiceLifetime) return kept.choice;
  const choice = firstAnswering(candidates, (one) => answers(one, caCertificate));
  choices.set(key, { madeAt: Date.now(), choice });
  return choice;
}

/** {@link chooseAddress} for a provider. In a preview it does not ask the servers whose addresses the update makes. */
export function answeringAddress(api: {
  readonly address: pulumi.Input<string>;
  readonly addresses?: pulumi.Input<readonly pulumi.Input<string>[] | undefined> | undefined;
  readonly caCertificate: pulumi.Input<string>;
}): pulumi.Output<string> {
  // Of a connection that comes from another stack every part is secret; an address and a certificate need not be.
  return pulumi
    .all([
      pulumi.unsecret(pulumi.output(api.address)),
      valueIfKnown(pulumi.unsecret(pulumi.output(api.addresses))),
      valueIfKnown(pulumi.unsecret(pulumi.output(api.caCertificate))),
    ])
    .apply(async ([address, addresses, caCertificate]) =>
      caCertificate === undefined
        ? checkedAddress(address)
        : chooseAddress({ address, addresses, caCertificate }),
    );
}

/** The first address, in their order, of which `answers` is true; the first of all if it is true of none. */
export async function firstAnswering(
  addresses: readonly string[],
  answers: (address: string) => Promise<boolean>,
): Promise<string> {
  const [first, ...others] = addresses;
  if (first === undefined) throw new Error("a cluster has at least one address");
  if (others.length === 0) return first;
  // All at once, so that several servers that are away cost no more time than one.
  const asked = addresses.map((address) => ({ address, answer: answers(address) }));
  for (const { address, answer } of asked) if (await answer) return address;
  return first;
}

/** True if the server is one of a cluster that has a leader. A failure of any kind is an answer too: not this one. */
async function answers(address: string, caCertificate: string): Promise<boolean> {
  try {
    return (await new NomadClient({ address, caCertificate, timeout: answerTimeout }).leader()) !== "";
  } catch {
    return false;
  }
}

/** An address of a connection; throws if it is no URL. */
function checkedAddress(address: string, propertyPath = "connection.address"): string {
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return address;
  const reason = `"${address}" is not an http or https URL; write it like "https://192.0.2.10:4646"`;
  throw new ResolvedInputError("invalid arguments", [{ propertyPath, reason }], (path) => path);
}
