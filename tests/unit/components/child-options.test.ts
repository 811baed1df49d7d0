import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { after } from "../../../components/child-options.ts";
import { declared } from "../../support/pulumi/mocked-program.ts";

test("comes after resources, lists of them, and Outputs of either, and waits for values", async () => {
  const all = await declared(() => {
    const tag = (name: string, dependsOn: pulumi.Input<pulumi.Resource[]> = []) =>
      new digitalocean.Tag(name, { name }, { dependsOn });
    const listed = [tag("listed-1"), tag("listed-2")];
    const given = [tag("own"), listed, pulumi.output([tag("in-output")]), tag("by-value").id, undefined, 1];
    tag("last", after(...given));
  });
  expect(all.find(({ name }) => name === "last")!.dependsOn.toSorted()).toEqual(
    ["own", "listed-1", "listed-2", "in-output", "by-value"].toSorted(),
  );
});
