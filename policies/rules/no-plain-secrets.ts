import { entries, runsContainer, taskProblems } from "../job.ts";
import type { Job, Task } from "../job.ts";
import { jobPolicy } from "../job-policy.ts";

export interface NoPlainSecretsConfig {
  /** Names of variables that are not secret although they look so. */
  readonly allowedNames: readonly string[];
}

export const noPlainSecrets = jobPolicy<NoPlainSecretsConfig>(
  {
    name: "no-plain-secrets",
    description: "No job holds a secret: whoever may read the job would read it.",
    severity: "critical",
    remediationSteps:
      "Keep it in a Nomad Variable and read it by a template into the task's secrets directory.",
    configSchema: {
      properties: {
        allowedNames: {
          type: "array",
          items: { type: "string" },
          default: [],
          description: "Environment variables that are not secret although they look so.",
        },
      },
    },
  },
  plainSecretProblems,
);

/** Findings name the variable, never its value. */
export function plainSecretProblems(job: Job, config: NoPlainSecretsConfig): string[] {
  return taskProblems(job, (task) => [
    ...literalVariables(task)
      .filter(([name, value]) => !config.allowedNames.includes(name) && isSecret(name, value))
      .map(([name]) => `environment variable ${name} holds a secret in plain text`),
    ...secretArguments(task, config.allowedNames),
    ...(hasRegistryPassword(task) ? ["auth.password holds a secret in plain text"] : []),
  ]);
}

/** Environment variables whose value is in the job itself. */
function literalVariables(task: Task): [name: string, value: string][] {
  const lines = task.environmentTemplates.flatMap((template) =>
    // What comes before a variable on its line may open a block.
    template.split("\n").map((line) => line.replace(/^(\s*\{\{[^}]*\}\})+/, "")),
  );
  const fromTemplates = lines.flatMap((line): [string, string][] => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, unquoted(value.trim())]];
  });
  const fromJob = Object.entries(task.environment).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return [...fromJob, ...fromTemplates].filter(([, value]) => !/\$\{|\{\{/.test(value));
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, "$2");
}

/** `--password=x`, `--password x`, `PGPASSWORD=x` and connection strings in what a task runs, in a shell's text too. */
function secretArguments({ config }: Task, allowedNames: readonly string[]): string[] {
  const words = ["command", "entrypoint", "args"]
    .flatMap((setting) => entries(config[setting]))
    .flatMap((argument) => String(argument).split(/\s+/))
    .map((word) => word.replace(/^["']+|["';]+$/g, ""));
  const found = words.flatMap((word, index) => {
    const [, flag, name = "", value] = /^(--?)?([A-Za-z_][\w.-]*)(?:=["']?(.*))?$/.exec(word) ?? [];
    const next = words[index + 1] ?? "";
    const given = value ?? (flag !== undefined && !next.startsWith("-") ? next : "");
    if (allowedNames.includes(name) || given.startsWith("$") || given.includes("{{")) return [];
    if (value === undefined && hasConnectionPassword(word))
      return ["an argument holds a secret in plain text"];
    return given !== "" && isSecret(name, given) ? [`argument ${name} holds a secret in plain text`] : [];
  });
  return [...new Set(found)];
}

function isSecret(name: string, value: string): boolean {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value) || hasConnectionPassword(value)) return true;
  // Switches and counts, such as USE_PASSWORD=true.
  return isSecretName(name) && !/^(|true|false|yes|no|\d{1,3})$/i.test(value);
}

/** In a URL, in `user:password@tcp(host)/name` as Go's drivers have it, or in `host=db password=x` as libpq has it. */
function hasConnectionPassword(value: string): boolean {
  return (
    (URL.parse(value)?.password ?? "") !== "" ||
    /^[^\s:@/]+:[^\s@]+@(tcp|unix)\(/.test(value) ||
    /\b(host|server|user|dbname|database)=.*\b(password|pwd)=[^\s;${]/i.test(value)
  );
}

const secretWords = new Set(["token", "password", "passwd", "passphrase", "pass", "secret", "apikey"]);
const secretKeys = new Set(["api", "access", "private", "secret", "signing", "encryption", "license"]);

/** Names whose last word says so: `MACKEREL_APIKEY`, `apiKey`, `PGPASSWORD`, `MYSQL_PWD`, not `PASSWORD_FILE`, not `PWD`. */
function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const last = words.at(-1) ?? "";
  if (secretWords.has(last) || /.(password|passwd|secret)$/.test(last)) return true;
  const before = words.at(-2) ?? "";
  return (last === "key" && secretKeys.has(before)) || (last === "pwd" && before !== "");
}

function hasRegistryPassword(task: Task): boolean {
  const blocks = runsContainer(task) ? entries(task.config["auth"]) : [];
  return blocks.some(
    (block) =>
      typeof block === "object" &&
      block !== null &&
      "password" in block &&
      typeof block.password === "string" &&
      block.password !== "" &&
      !block.password.includes("${"),
  );
}
