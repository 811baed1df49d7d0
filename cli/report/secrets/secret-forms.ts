/** Shorter ones are in every text by chance. */
const shortest = 4;
/** Of a secret's line, or of its encoding at an offset, that are looked for without the rest. */
const shortestPart = 12;

/**
 * The texts by which a secret can be seen: as it is, without its white space at both ends, each long line of it that has no space, and
 * these escaped for JSON (also twice, and as Go does), percent-encoded, in hexadecimal, and in base64 wherever in the
 * encoded text the secret begins. None is shorter than four characters.
 */
export function secretForms(secret: string): string[] {
  const texts = [secret, secret.trim(), ...longLines(secret)].filter((text) => text.length >= shortest);
  return [...new Set(texts.flatMap((text) => [text, ...encodings(text)]))].filter(
    (form) => form.length >= shortest,
  );
}

/** Such as those of a PEM block, but for its first and last; a line with spaces in it is prose or a program's. */
function longLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines.length === 1) return [];
  return lines.filter((line) => line.length >= shortestPart && !/\s/.test(line));
}

function encodings(text: string): string[] {
  const bytes = Buffer.from(text, "utf8");
  const hex = bytes.toString("hex");
  const json = inJson(text);
  const percent = percentEncoded(text);
  return [
    ...[json, inJson(json), inGoJson(json), inJson(inGoJson(json))],
    ...[percent, percentEncoded(text, "!'()*"), percent.replaceAll("%20", "+")].flatMap((form) => [
      form,
      form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ]),
    ...[hex, hex.toUpperCase()],
    ...[0, 1, 2].flatMap((offset) => inBase64(bytes, offset)),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Go's encoder also escapes what HTML would read, https://pkg.go.dev/encoding/json#Marshal. */
function inGoJson(json: string): string {
  const code = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return json.replace(/[<>&\u2028\u2029]/g, code);
}

function percentEncoded(text: string, further = ""): string {
  const code = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return [...encodeURIComponent(text.toWellFormed())]
    .map((character) => (further.includes(character) ? code(character) : character))
    .join("");
}

/** The digits that no byte beside the secret has a part in, if `offset` bytes, modulo three, come before it. */
function inBase64(bytes: Buffer, offset: number): string[] {
  const before = Buffer.alloc(offset);
  const digits = Buffer.concat([before, bytes])
    .toString("base64")
    .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  const forUrl = digits.replaceAll("+", "-").replaceAll("/", "_");
  // A few digits are in other words by chance.
  return digits.length < Math.min(shortestPart, bytes.length) ? [] : [digits, forUrl];
}
