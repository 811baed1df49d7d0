import { expect, test } from "vitest";
import { refuseCaFile } from "../../../../components/cluster/connection.ts";

test("a CA file of the shell, which the Nomad provider would trip over, is named with how to unset it", () => {
  expect(() => refuseCaFile({ NOMAD_CACERT: "ca.pem" })).toThrow("unset NOMAD_CACERT");
  expect(() => refuseCaFile({ NOMAD_CACERT: "" })).not.toThrow();
  expect(() => refuseCaFile({ NOMAD_ADDR: "https://192.0.2.1:4646" })).not.toThrow();
});
