import { expect, it } from "vitest";
import { pulumiArguments } from "../../../../sandbox/commands/pulumi-arguments.ts";

const withFile = (text: string) => pulumiArguments(text.split(" "), "/state/Pulumi.sandbox.yaml").join(" ");

it.each([
  ["preview --diff", "preview --config-file /state/Pulumi.sandbox.yaml --diff"],
  ["up --yes", "up --config-file /state/Pulumi.sandbox.yaml --yes"],
  ["destroy", "destroy --config-file /state/Pulumi.sandbox.yaml"],
  ["config set clientCount 1", "config --config-file /state/Pulumi.sandbox.yaml set clientCount 1"],
  ["--color never refresh", "--color never refresh --config-file /state/Pulumi.sandbox.yaml"],
  ["stack output up", "stack output up"],
  ["cancel --yes", "cancel --yes"],
  ["--help", "--help"],
  ["up --config-file mine.yaml", "up --config-file mine.yaml"],
  ["preview -s other", "preview -s other"],
  ["preview --stack=other", "preview --stack=other"],
  ["stack rm --yes", "stack rm --preserve-config --yes"],
  ["stack rm --preserve-config", "stack rm --preserve-config"],
])("%s", (args, expected) => {
  expect(withFile(args)).toBe(expected);
});
