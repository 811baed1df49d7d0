import ipaddr from "ipaddr.js";

/** A `geo` block that sets the variable to 1 for these ranges, and to 0 for all others. */
export function geo(source: string, variable: string, cidrs: readonly string[]): string {
  const isAnywhere = cidrs.some((cidr) => ipaddr.parseCIDR(cidr)[1] === 0);
  const lines = isAnywhere
    ? ["default 1;"]
    : ["default 0;", ...[...new Set(cidrs)].map((cidr) => `${cidr} 1;`)];
  return `
  geo ${source} ${variable} {
${lines.map((line) => `    ${line}`).join("\n")}
  }
`;
}
