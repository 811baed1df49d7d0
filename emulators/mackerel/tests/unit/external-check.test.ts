import { describe, expect, it } from "vitest";
import { judgeAnswer } from "../../alerting/external-check.ts";
import type { ExternalMonitor } from "../../alerting/settings.ts";

const monitor: ExternalMonitor = {
  ...{
    type: "external",
    name: "blog",
    memo: "",
    isMute: false,
    method: "GET",
    url: "https://blog.example.com",
  },
  ...{ maxCheckAttempts: 1, skipCertificateVerification: false, headers: [] },
  ...{ certificationExpirationWarning: 21, certificationExpirationCritical: 7 },
  ...{ responseTimeWarning: 1000, responseTimeCritical: 5000 },
};
const now = 1_800_000_000;
const day = 24 * 60 * 60;

describe("the answer of a monitored URL", () => {
  it.each([
    [{}, {}, "OK"],
    [{ statusCode: 302 }, {}, "OK"],
    [{ statusCode: 404 }, {}, "CRITICAL"],
    [{ statusCode: 404 }, { expectedStatusCode: 404 }, "OK"],
    [{ statusCode: 200 }, { expectedStatusCode: 301 }, "CRITICAL"],
    [{ body: "nginx" }, { containsString: "Ghost" }, "CRITICAL"],
    [{ milliseconds: 1001 }, {}, "WARNING"],
    [{ milliseconds: 5001 }, {}, "CRITICAL"],
    [{ certificateEnd: now + 20 * day }, {}, "WARNING"],
    [{ certificateEnd: now + 6 * day }, {}, "CRITICAL"],
    [{ certificateEnd: now + 22 * day }, {}, "OK"],
    [{ certificateEnd: now + 6 * day, milliseconds: 1001 }, {}, "CRITICAL"],
  ])("%o for a monitor with %o is %s", (change, settings, expected) => {
    const answer = {
      statusCode: 200,
      body: "Ghost",
      milliseconds: 10,
      certificateEnd: now + 80 * day,
      ...change,
    };
    expect(judgeAnswer({ ...monitor, ...settings }, answer, now, answer.milliseconds).status).toBe(expected);
  });
});
