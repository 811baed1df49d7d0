// Puts load on one URL and prints what came of it: a process of its own, so that it can run in a droplet's network.
// Arguments: the URL, headers as JSON, connections, seconds.
import autocannon from "autocannon";
import type { LoadRun } from "./load.ts";

const [url = "", headers = "{}", connections = "", seconds = ""] = process.argv.slice(2);
const result = await autocannon({
  url,
  headers: JSON.parse(headers) as Record<string, string>,
  connections: Number(connections),
  duration: Number(seconds),
});
const run: LoadRun = {
  requestsPerSecond: result.requests.average,
  p50Milliseconds: result.latency.p50,
  p99Milliseconds: result.latency.p99,
  answers: result["2xx"],
  failures: result.non2xx + result.errors,
};
console.log(JSON.stringify(run));
