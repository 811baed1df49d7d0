/**
 * Why nginx could not take a text into a server, or undefined if it may: as far as its form goes, which is that of simple
 * directives and blocks, each of whose braces and quotes are closed in it. Names and values only nginx judges.
 */
export function checkServerText(text: string): string | undefined {
  let [depth, isStatement, line] = [0, false, 1];
  const tokens =
    /\n|#[^\n]*|\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\$\{[^}]*\}|[{};"']|[^\s{};"'\\#$]+|\$|\s/g;
  for (const [token] of text.matchAll(tokens)) {
    if (token === "\n") line++;
    else if (token === "{") {
      if (!isStatement) return `has a block without a name in line ${line}`;
      depth++;
      isStatement = false;
    } else if (token === "}") {
      if (isStatement) return `has a directive without ";" before the end of a block in line ${line}`;
      if (--depth < 0) return `closes a block in line ${line} that it has not opened`;
    } else if (token === ";") {
      if (!isStatement) return `has ";" without a directive in line ${line}`;
      isStatement = false;
    } else if (token === '"' || token === "'") return `has a quote in line ${line} that is not closed`;
    else if (!token.startsWith("#") && token.trim() !== "") {
      isStatement = true;
      line += token.split("\n").length - 1;
    }
  }
  if (depth > 0) return `leaves ${depth} ${depth === 1 ? "block" : "blocks"} open at its end`;
  return isStatement ? 'has a directive without ";" at its end' : undefined;
}
