import { describe, expect, test } from "vitest";
import { plainSecretProblems } from "../../../policies/rules/no-plain-secrets.ts";
import { jobWith } from "./job-with.ts";

describe("no-plain-secrets", () => {
  const canary = "hunter2canary";
  const problems = (task: object, allowedNames: string[] = [], config = {}) =>
    plainSecretProblems(jobWith(task, config), { allowedNames });
  const template = (text: string, environment = true) => ({
    Templates: [{ EmbeddedTmpl: text, DestPath: "secrets/x.env", Envvars: environment }],
  });

  test.each([
    ...["TOKEN", "apikey", "apiKey", "MACKEREL_APIKEY", "API_KEY", "DB_PASSWORD", "mail__auth__pass"],
    ...["PGPASSWORD", "MYSQL_PWD", "NRIA_LICENSE_KEY"],
  ])("refuses %s with a value in the job, and does not say the value", (name) => {
    const found = problems({ Env: { [name]: canary } });
    expect(found).toEqual([`task web/server: environment variable ${name} holds a secret in plain text`]);
    expect(found.join()).not.toContain(canary);
  });

  test.each([
    ...["KEY", "KEYBOARD", "TOKEN_TTL", "PASSWORD_FILE", "AWS_ACCESS_KEY_ID", "COMPASS", "MONKEY"],
    ...["PWD", "OLDPWD"],
  ])("takes %s", (name) => {
    expect(problems({ Env: { [name]: canary } })).toEqual([]);
  });

  test.each([
    [[`--password=${canary}`], "argument password"],
    [["--token", canary], "argument token"],
    [["-c", `exec mysqld_exporter --mysql.password="${canary}"`], "argument mysql.password"],
    [["-c", `PGPASSWORD=${canary} psql -h db`], "argument PGPASSWORD"],
    [[`postgres://blog:${canary}@db.example.com/blog`], "an argument"],
    [[`--data-source=blog:${canary}@tcp(db:3306)/`], "argument data-source"],
  ])("refuses the arguments %j, and does not say the value", (args, what) => {
    const found = problems({ Driver: "podman" }, [], { args });
    expect(found).toEqual([`task web/server: ${what} holds a secret in plain text`]);
    expect(found.join()).not.toContain(canary);
  });

  test.each([
    [["--password-file", "/secrets/password"]],
    [["--token=${TOKEN}", "--password", "$PASSWORD"]],
    [["--password", "--verbose"]],
    [["https://blog.example.com/token/abc", "token", "secret"]],
  ])("takes the arguments %j", (args) => {
    expect(problems({}, [], { args, command: "server" })).toEqual([]);
  });

  test.each([
    ["Go's drivers", `blog:${canary}@tcp(db.example.com:3306)/blog`],
    ["libpq", `host=db.example.com user=blog password=${canary}`],
  ])("refuses a connection string of %s", (_, value) => {
    expect(problems({ Env: { DATABASE: value } })).toHaveLength(1);
  });

  test.each(["", "true", "no", "20", "${meta.token}"])("takes a TOKEN of the value %j", (value) => {
    expect(problems({ Env: { TOKEN: value } })).toEqual([]);
  });

  test.each([
    ["a URL with a password", `postgres://blog:${canary}@db.example.com/blog`],
    ["a private key", `-----BEGIN RSA PRIVATE KEY-----\n${canary}`],
  ])("refuses %s under any name", (_, value) => {
    const found = problems({ Env: { DATABASE: value } });
    expect(found).toEqual([expect.stringContaining("environment variable DATABASE")]);
    expect(found.join()).not.toContain(canary);
  });

  test("takes a URL with no password", () => {
    expect(problems({ Env: { url: "https://blog@blog.example.com" } })).toEqual([]);
  });

  test.each([
    `TOKEN=${canary}`,
    `{{ with nomadVar "x" }}TOKEN=${canary}{{end}}`,
    `A=1\nexport TOKEN="${canary}"`,
  ])("refuses a template that is environment and says %j", (text) => {
    // The last action of a line is part of the value, which is then no literal.
    const found = problems(template(text.replace("{{end}}", "\n{{end}}")));
    expect(found).toEqual([expect.stringContaining("environment variable TOKEN")]);
    expect(found.join()).not.toContain(canary);
  });

  test("takes a template that reads the secret from a Variable, and any text that is no environment", () => {
    const text = '{{ with nomadVar "nomad/jobs/web" }}TOKEN={{ .token.Value | toJSON }}\n{{ end }}';
    expect(problems(template(text))).toEqual([]);
    expect(problems(template(`TOKEN=${canary}`, false))).toEqual([]);
  });

  test("refuses a registry's password", () => {
    const auth = { username: "blog", password: canary };
    for (const config of [{ auth }, { auth: [auth] }])
      expect(problems({}, [], config)).toEqual([
        "task web/server: auth.password holds a secret in plain text",
      ]);
    expect(problems({}, [], { auth: { password: "${REGISTRY_PASSWORD}" } })).toEqual([]);
  });

  test("takes what the configuration allows", () => {
    const Env = { DEMO_TOKEN: canary, TOKEN: canary };
    expect(problems({ Env }, ["DEMO_TOKEN"])).toEqual([expect.stringContaining("variable TOKEN")]);
  });
});
