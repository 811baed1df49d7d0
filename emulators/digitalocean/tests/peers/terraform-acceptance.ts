import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startDigitalOceanApi } from "../../index.ts";
import { acceptanceResults, resultsTable } from "./acceptance-results.ts";

// Runs the acceptance tests of terraform-provider-digitalocean, from a checkout of it, against the emulator.
// Needs Go and Terraform on the PATH. The README has the command and the last results.

const packages = [
  ...["account", "certificate", "domain", "droplet", "firewall", "image", "loadbalancer"],
  ...["project", "region", "reservedip", "size", "snapshot", "sshkey", "tag", "volume", "vpc"],
];
/** Whose tests make things of one name, which an account has once. */
const sharingNames = ["tag"];
const usage = "usage: terraform-acceptance.ts CHECKOUT [PACKAGE...] [--run EXPRESSION] [--parallel NUMBER]";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    run: { type: "string", default: "^TestAcc" },
    parallel: { type: "string", default: "4" },
  },
});
const [checkout, ...named] = positionals;
if (checkout === undefined) throw new Error(usage);

const token = "token-of-the-acceptance-tests";
const api = await startDigitalOceanApi({
  tokens: [token],
  // The tests take the default VPC of this region, and are many at once, in an account that is long past its first limits.
  regionsWithDefaultVpc: ["nyc3"],
  limits: { droplets: 1000, reservedIps: 500, volumes: 1000, loadBalancers: 500 },
  publicNetwork: { cidr: "198.18.0.0/20", gateway: "198.18.0.1" },
  rateLimit: { perHour: 1_000_000, perMinute: 100_000 },
  images: [{ slug: "ubuntu-20-04-x64", distribution: "Ubuntu", name: "20.04 (LTS) x64" }],
  edges: { keyListLimit: false },
});

const output = path.join(mkdtempSync(path.join(tmpdir(), "terraform-acceptance-")), "go-test.json");
const file = createWriteStream(output);
const wanted = named.length > 0 ? named : packages;
console.log(`Tests of ${wanted.join(", ")} run against ${api.url}. Their output is in ${output}.`);
const terraform = execFileSync("which", ["terraform"], { encoding: "utf8" }).trim();
/** Runs the tests of some packages, so many of each at once. */
async function goTest(names: readonly string[], parallel: string): Promise<void> {
  if (names.length === 0) return;
  const tests = spawn(
    "go",
    [
      ...["test", "-json", "-count", "1", "-timeout", "240m", "-p", "2", "-parallel", parallel],
      ...["-run", values.run, ...names.map((name) => `./digitalocean/${name}`)],
    ],
    {
      cwd: checkout,
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        TF_ACC: "1",
        TF_ACC_TERRAFORM_PATH: terraform,
        CHECKPOINT_DISABLE: "1",
        DIGITALOCEAN_TOKEN: token,
        DIGITALOCEAN_API_URL: api.url,
      },
    },
  );
  tests.stdout.pipe(file, { end: false });
  await new Promise((resolve, reject) => {
    tests.once("error", reject);
    tests.once("close", resolve);
  });
}

await goTest(
  wanted.filter((name) => !sharingNames.includes(name)),
  values.parallel,
);
await goTest(
  wanted.filter((name) => sharingNames.includes(name)),
  "1",
);
await new Promise<void>((resolve) => file.end(() => resolve()));
await api.close();

const results = acceptanceResults(readFileSync(output, "utf8"));
const commit = execFileSync("git", ["-C", checkout, "log", "-1", "--format=%h of %cs"], { encoding: "utf8" });
console.log(`\nterraform-provider-digitalocean ${commit}`);
console.log(resultsTable(results));
for (const [name, { failed }] of results) for (const test of failed) console.log(`failed: ${name} ${test}`);
