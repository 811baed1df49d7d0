import { randomInt } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** An id as Mackerel gives them: eleven letters and digits. */
export const newId = (): string =>
  Array.from({ length: 11 }, () => alphabet[randomInt(alphabet.length)]).join("");
