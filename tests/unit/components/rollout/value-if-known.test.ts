import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { valueIfKnown } from "../../../../components/value-if-known.ts";
import { previewOutputs, settled } from "../../../support/pulumi/preview-outputs.ts";

test("in a preview a value that only the update tells is undefined, and every other is itself, secret or not", async () => {
  const { known, unknown } = await previewOutputs();
  const secret = valueIfKnown(pulumi.secret(known));
  const values = await settled(
    pulumi.all([
      valueIfKnown(known),
      secret,
      valueIfKnown(unknown),
      valueIfKnown(pulumi.secret(unknown)),
      valueIfKnown(pulumi.interpolate`${known} ${unknown}`),
      valueIfKnown(["plain"]),
    ]),
  );
  expect(values).toEqual(["01", "01", undefined, undefined, undefined, ["plain"]]);
  expect(await pulumi.isSecret(secret)).toBe(true);
});
