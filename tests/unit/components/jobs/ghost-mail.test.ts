import { afterEach, expect, test, vi } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { Ghost } from "../../../../components/index.ts";
import { declared } from "../../../support/pulumi/mocked-program.ts";

afterEach(() => vi.restoreAllMocks());

test.each([
  [587, true],
  [465, true],
  [25, true],
  [2525, false],
  [undefined, false],
])("mail by port %s is warned of: %s", async (port, isWarned) => {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  await declared(
    () =>
      void new Ghost("ghost", {
        connection: {
          address: "https://192.0.2.1:4646",
          caCertificate: "CA",
          token: "t",
          datacenter: "sgp1",
        },
        url: "http://192.0.2.1",
        contentVolume: "blog-content",
        owner: { email: "owner@example.com", name: "Owner" },
        mail: {
          ...{ host: "smtp.example.com", user: "blog", from: "Blog <blog@example.com>", password: "p" },
          ...(port !== undefined && { port }),
        },
      }),
  );
  expect(warn.mock.calls.map(([text]) => text)).toEqual(
    isWarned ? [expect.stringContaining(`mail.port: DigitalOcean blocks ${port} on droplets`)] : [],
  );
});
