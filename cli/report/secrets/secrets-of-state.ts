import { secretTexts } from "./redact.ts";

/** Marks a secret in a state, https://www.pulumi.com/docs/iac/concepts/state-and-backends/. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What else is in secret values: names and versions are shorter than passwords, keys and tokens. */
const shortest = 12;
const notSecret = [/^https?:\/\/[^@\s]*$/, /^(\/[a-z][a-z0-9.-]*)+$/];

/**
 * The secrets of a stack, those that were generated as well as those that were set: every text in a secret value of what
 * `pulumi stack export --show-secrets` prints as `deployment`. What the state also has in clear is none, such as the
 * certificate beside a key, nor is an address, a path or a text of less than twelve characters.
 */
export function secretsOfState(deployment: unknown): string[] {
  const secrets = new Set<string>();
  const clear = new Set<string>();
  const read = (value: unknown): void => {
    if (typeof value === "string") {
      clear.add(value);
    } else if (Array.isArray(value)) {
      value.forEach(read);
    } else if (typeof value === "object" && value !== null) {
      const { [signatureKey]: signature, plaintext } = value as Record<string, unknown>;
      if (signature === secretSignature && typeof plaintext === "string")
        for (const text of secretTexts(JSON.parse(plaintext))) secrets.add(text);
      else Object.values(value).forEach(read);
    }
  };
  read(deployment);
  return [...secrets].filter(
    (text) => text.length >= shortest && !clear.has(text) && !notSecret.some((pattern) => pattern.test(text)),
  );
}
