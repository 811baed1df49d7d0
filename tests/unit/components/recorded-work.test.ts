import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime/mocks.js";
import { afterEach, expect, test } from "vitest";
import { recordWork } from "../../../components/recorded-work.ts";

const last = { number: 3, work: "a tag put back" };
type Answer = (inputs: unknown) => { id: string | undefined; state: object };

/** What the engine does with the record, by operation. */
const update: Answer = (inputs) => ({ id: "1", state: inputs as object });
const refreshOrDestroy: Answer = () => ({ id: "1", state: { input: last } });
const notCreated: Answer = () => ({ id: undefined, state: {} });

/** What is declared as the record's value, and whether the work is to be done. */
async function recorded(
  answer: Answer,
  work: string | undefined,
  { isInState = true, preview = false } = {},
): Promise<{ declared: unknown; mayAct: boolean }> {
  let declared: unknown;
  await pulumi.runtime.setMocks(
    {
      newResource({ type, inputs }: MockResourceArgs) {
        if (type !== "pulumi:index:Stash") return { id: "parent", state: {} };
        declared = (inputs as { input: unknown }).input;
        return answer(inputs);
      },
      call: () => {
        const urn = "urn:pulumi:test::test::test:index:Parent$pulumi:index:Stash::site-rollout";
        return { outputs: isInState ? { [urn]: { outputs: { input: last } } } : {} };
      },
    },
    "test",
    "test",
    preview,
  );
  const parent = new pulumi.ComponentResource("test:index:Parent", "site");
  const mayAct = await recordWork("site-rollout", Promise.resolve(work), parent);
  await pulumi.runtime.disconnect();
  return { declared, mayAct };
}
afterEach(() => pulumi.runtime.disconnect());

test("work is done in an update, which stores it, and not where the state's record comes back", async () => {
  const next = { number: 4, work: "server-1 replaced" };
  expect(await recorded(update, next.work)).toEqual({ declared: next, mayAct: true });
  expect(await recorded(refreshOrDestroy, next.work)).toEqual({ declared: next, mayAct: false });
});

test("the same work again is another value than the state's", async () => {
  expect(await recorded(update, last.work)).toEqual({ declared: { ...last, number: 4 }, mayAct: true });
});

test("without work the record stays as it is in the state", async () => {
  expect(await recorded(update, undefined)).toEqual({ declared: last, mayAct: false });
});

test("a record that a refresh or a destroy does not create lets nothing be done", async () => {
  const outside = { isInState: false };
  expect(await recorded(update, "a new cluster", outside)).toMatchObject({ mayAct: true });
  expect(await recorded(notCreated, "a new cluster", outside)).toMatchObject({ mayAct: false });
});

test("a preview declares the same as the update, and lets nothing be done", async () => {
  const next = { number: 4, work: "server-1 replaced" };
  expect(await recorded(update, next.work, { preview: true })).toEqual({ declared: next, mayAct: false });
});
