import { describe, expect, test } from "vitest";
import { validateLocation } from "../../../../components/cluster/account-check.ts";

const wanted = { region: "sgp1", vpcIpRange: "10.104.0.0/20" };
const here = { name: "blog-server-1", region: "sgp1", privateAddress: "10.104.0.2" };

describe("a cluster's location", () => {
  test.each([
    ["nothing is there", [], []],
    ["every droplet is where it should be", [here, { ...here, privateAddress: "10.104.15.254" }], []],
    ["a droplet has no address yet", [{ ...here, privateAddress: "" }], []],
    ["a droplet is in another region", [here, { ...here, region: "fra1" }], ["region"]],
    ["a droplet is in another VPC", [{ ...here, privateAddress: "10.104.16.2" }], ["vpcIpRange"]],
    ["both are wrong", [{ ...here, region: "fra1", privateAddress: "10.20.0.2" }], ["region", "vpcIpRange"]],
  ])("when %s", (_, droplets, fields) => {
    expect(validateLocation(wanted, droplets).map(({ propertyPath }) => propertyPath)).toEqual(fields);
  });

  test("is any range where DigitalOcean has chosen it", () => {
    expect(validateLocation({ region: "sgp1" }, [{ ...here, privateAddress: "10.20.0.2" }])).toEqual([]);
  });

  test("is explained, with what to do", () => {
    expect(validateLocation({ ...wanted, region: "fra1" }, [here])[0]?.reason).toMatch(
      /blog-server-1 is in sgp1, not in "fra1": a running cluster does not move.*Set it back; or make a new stack/,
    );
  });
});
