/**
 * The value of a variable that Ghost reads as this text. Ghost takes each variable for JSON where it can, twice (`parseValues`
 * of nconf's stores `env` and `memory`), so that `123456` would be a number to it, and `"123456"` too.
 */
export function ghostText(text: string): string {
  return isTakenForJson(text) ? JSON.stringify(JSON.stringify(text)) : text;
}

function isTakenForJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return text === "undefined";
  }
}
