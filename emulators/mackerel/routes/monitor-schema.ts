const text = { type: "string" };
const flag = { type: "boolean" };
const limit = { type: "number", nullable: true };
const scopes = { type: "array", items: { type: "string", minLength: 1 } };
const attempts = { type: "integer", minimum: 1, maximum: 10 };
const minutesOfAverage = { type: "integer", minimum: 1, maximum: 10 };
// Ten minutes to seven days, in steps of ten minutes.
const missing = { type: "integer", nullable: true, minimum: 10, maximum: 7 * 24 * 60, multipleOf: 10 };
const days = { type: "integer", nullable: true, minimum: 0 };

const common = {
  name: { type: "string", minLength: 1 },
  memo: text,
  isMute: flag,
  notificationInterval: { type: "integer", minimum: 10 },
};
const scoped = { scopes, excludeScopes: scopes };
const compared = {
  metric: { type: "string", minLength: 1 },
  operator: { enum: [">", "<"] },
  warning: limit,
  critical: limit,
  duration: minutesOfAverage,
  maxCheckAttempts: attempts,
};

const oneType = (type: string, properties: object, required: readonly string[]) => ({
  type: "object",
  additionalProperties: false,
  required: ["type", ...required],
  properties: { type: { const: type }, ...common, ...properties },
});

/** By type, the body of `POST /api/v0/monitors`; of https://mackerel.io/api-docs/entry/monitors. */
export const monitorSchemas: Readonly<Record<string, object>> = {
  host: oneType("host", { ...scoped, ...compared }, ["name", "metric", "operator", "duration"]),
  connectivity: oneType(
    "connectivity",
    { ...scoped, alertStatusOnGone: { enum: ["CRITICAL", "WARNING"] } },
    [],
  ),
  service: oneType(
    "service",
    { ...compared, service: text, missingDurationWarning: missing, missingDurationCritical: missing },
    ["name", "service", "metric", "operator", "duration"],
  ),
  external: oneType(
    "external",
    {
      url: { type: "string", pattern: "^https?://" },
      method: { enum: ["GET", "POST", "PUT", "DELETE"] },
      maxCheckAttempts: attempts,
      service: text,
      responseTimeWarning: limit,
      responseTimeCritical: limit,
      responseTimeDuration: { ...minutesOfAverage, nullable: true },
      requestBody: text,
      containsString: text,
      certificationExpirationWarning: days,
      certificationExpirationCritical: days,
      skipCertificateVerification: flag,
      headers: {
        type: "array",
        items: {
          type: "object",
          additionalProperties: false,
          required: ["name", "value"],
          properties: { name: { type: "string", minLength: 1 }, value: text },
        },
      },
      expectedStatusCode: { type: "integer", nullable: true, minimum: 100, maximum: 599 },
    },
    ["name", "url", "method"],
  ),
};
