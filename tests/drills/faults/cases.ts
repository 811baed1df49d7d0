import type { FaultKind } from "../../../emulators/digitalocean/index.ts";
import { changes, describeCall } from "./roll-calls.ts";
import type { RollCall } from "./roll-calls.ts";

/** What is done to the update when it is at the step. */
export type Blow =
  | "none"
  | "interrupt twice"
  | "interrupt"
  | "kill the CLI"
  | "kill the program"
  | "kill the digitalocean plugin";

/** What the API does to the call. */
export interface CallFault {
  readonly kind: FaultKind;
  readonly status?: number;
  readonly retryAfter?: number;
  readonly times?: number;
}

/**
 * When the blow falls: while the call is under way, when it has been answered, when Nomad drains the slot's node, or while
 * the new droplet is waited for.
 */
export type Step =
  { readonly at: "call"; readonly call: RollCall } | { readonly at: "drain" } | { readonly at: "creation" };

export interface FaultCase {
  readonly step: Step;
  /** In words, a column of the matrix. */
  readonly name: string;
  readonly fault?: CallFault;
  readonly blow: Blow;
  /** Whether the slot's server leads. */
  readonly leader: boolean;
  /** When the new droplet becomes active. Default at once. */
  readonly active?: "never" | "during the next update";
}

interface Kind {
  readonly name: string;
  readonly fault: CallFault;
  readonly blow: Blow;
  /** A call that only reads commits nothing. */
  readonly changesOnly: boolean;
}

const untilItEnds = 1_000_000;

/** What the API does wrong. */
const kinds: readonly Kind[] = [
  {
    name: "429 once",
    fault: { kind: "fail-before", status: 429, retryAfter: 1 },
    blow: "none",
    changesOnly: false,
  },
  { name: "500 once", fault: { kind: "fail-before", status: 500 }, blow: "none", changesOnly: false },
  {
    name: "500 always",
    fault: { kind: "fail-before", status: 500, times: untilItEnds },
    blow: "none",
    changesOnly: false,
  },
  {
    name: "500 after it was done",
    fault: { kind: "fail-after-commit", status: 500 },
    blow: "none",
    changesOnly: true,
  },
  { name: "reset after it was done", fault: { kind: "reset-after-commit" }, blow: "none", changesOnly: true },
  { name: "no answer, Ctrl-C", fault: { kind: "timeout" }, blow: "interrupt twice", changesOnly: false },
  {
    name: "done, no answer, Ctrl-C",
    fault: { kind: "timeout-after-commit" },
    blow: "interrupt twice",
    changesOnly: true,
  },
];

/** What is done to the update's own processes. With a fault the blow falls before the call's answer. */
const blows: readonly { readonly name: string; readonly blow: Blow; readonly unanswered: boolean }[] = [
  { name: "kill -9 of the CLI", blow: "kill the CLI", unanswered: true },
  { name: "kill -9 of the plugin", blow: "kill the digitalocean plugin", unanswered: true },
  { name: "kill -9 of the program", blow: "kill the program", unanswered: false },
  { name: "Ctrl-C once", blow: "interrupt", unanswered: false },
];

/** What a new droplet does wrong. */
const creations: readonly Pick<FaultCase, "name" | "blow" | "active">[] = [
  { name: "never becomes active", blow: "none", active: "never" },
  { name: "never becomes active, Ctrl-C", blow: "interrupt", active: "never" },
  { name: "becomes active late, Ctrl-C", blow: "interrupt", active: "during the next update" },
];

/** Every call with every fault that makes a difference to it. */
export function callFaults(calls: readonly RollCall[]): FaultCase[] {
  return calls.flatMap((call) =>
    kinds
      .filter(({ changesOnly }) => !changesOnly || changes(call))
      .map(({ name, fault, blow }): FaultCase => ({
        step: { at: "call", call },
        name,
        fault,
        blow,
        leader: false,
      })),
  );
}

/** Every blow at every step, every second one while the slot's server leads. */
export function blowsAt(steps: readonly Step[]): FaultCase[] {
  return steps.flatMap((step) =>
    blows.map(({ name, blow, unanswered }, index): FaultCase => {
      const inCall = unanswered && step.at === "call" && changes(step.call);
      const leader = index % 2 === 1;
      return { step, name, blow, leader, ...(inCall && { fault: { kind: "timeout-after-commit" } }) };
    }),
  );
}

/** All cases of a roll with these calls. */
export function faultCases(calls: readonly RollCall[]): FaultCase[] {
  const lastCall = calls.at(-1);
  const steps: Step[] = [
    { at: "drain" },
    ...calls.filter(changes).map((call): Step => ({ at: "call", call })),
    // The slot's last call: from here on its node is waited for.
    ...(lastCall ? [{ at: "call" as const, call: lastCall }] : []),
  ];
  const uncreated = creations.map((creation): FaultCase => ({
    ...creation,
    step: { at: "creation" },
    leader: false,
  }));
  return [...callFaults(calls), ...blowsAt(steps), ...uncreated];
}

/** The step in words, a row of the matrix. */
export function describeStep(step: Step): string {
  switch (step.at) {
    case "drain":
      return "Nomad drains the node";
    case "creation":
      return "the new droplet";
    case "call":
      return describeCall(step.call);
  }
}
