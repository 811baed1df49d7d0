import { checkServerText } from "../../../../../components/jobs/nginx/server-text.ts";
import { resolveNginxArgs } from "../../../../../components/jobs/nginx/defaults.ts";
import { describe, expect, test } from "vitest";
import { adminGuard, adminMaps } from "../../../../../components/jobs/nginx/configuration/admin.ts";
import { mainConfiguration, nomadFacts } from "../../../../../components/jobs/nginx/configuration/main.ts";
import { siteConfiguration } from "../../../../../components/jobs/nginx/configuration/site.ts";
import type { SiteConfigurationArgs } from "../../../../../components/jobs/nginx/configuration/site.ts";

const main = mainConfiguration(nomadFacts("blog", "edge-peers"));
const site = (changed: Partial<SiteConfigurationArgs> = {}) =>
  siteConfiguration({ ...resolveNginxArgs({ maxBodySize: 7 }), httpsPort: undefined, ...changed });

describe("nginx's configuration", () => {
  test("asks Nomad for the service by its name, and has a server when there is none", () => {
    expect(main).toContain('range nomadService "blog"');
    expect(main).toMatch(/\{\{- else \}\}[^}]*server 127\.0\.0\.1:9 down;/);
  });

  test("names the port in the redirect only when it is not the usual one", () => {
    expect(site({ httpsPort: 8443 })).toContain("return 308 https://$host:8443$request_uri;");
    expect(site({ httpsPort: 443 })).toContain("return 308 https://$host$request_uri;");
  });

  test("limits bodies and slow clients", () => {
    expect(site()).toContain("client_max_body_size 7m;");
    for (const directive of ["client_header_timeout", "client_body_timeout", "send_timeout"])
      expect(site()).toMatch(new RegExp(`^ +${directive} \\d+s;$`, "m"));
  });

  test("writes nowhere but in the task's directory", () => {
    const written = [...main.matchAll(/^ *(?:pid|\w+_temp_path) (.*);$/gm)].map(([, file]) => file);
    expect(written).toHaveLength(6);
    for (const file of written) expect(file).toMatch(/^\{\{ env "NOMAD_TASK_DIR" \}\}\/[\w.-]+$/);
  });
});

describe("instances of nginx", () => {
  test("find each other by a service of their own, and none asks itself", () => {
    expect(main.match(/range nomadService "edge-peers"/g)).toHaveLength(3);
    expect(main).toContain('if ne $peer (env "NOMAD_ADDR_peers")');
  });

  test("answer for their health until they are told to end, with TLS too", () => {
    for (const text of [site(), site({ httpsPort: 443 })]) {
      const health = text.split("location = /nginx-health {").slice(1);
      expect(health).toHaveLength(text.match(/ default_server;/g)!.length);
      for (const location of health)
        expect(location.replace(/\}\n *return 200 ok;[^]*/, "")).toMatch(
          /if \(\$is_leaving\) \{\s+return 503;\s+$/,
        );
    }
  });

  test("answer each other where they ask nobody further", () => {
    const [server] = site()
      .split(/^ {2}server \{$/m)
      .slice(-1);
    expect(server).toContain("include peers-address.conf;");
    expect(server).toContain("if ($is_peer = 0) {");
    expect(server).not.toMatch(/@peers|http:\/\/peers|holding-page/);
  });
});

describe("further text of a server", () => {
  test("is in every server that answers readers, and in no other", () => {
    const text = "location = /hello { return 200 hello; }";
    const servers = site({ serverText: text, httpsPort: 443 }).split(/^ {2}server \{$/m);
    expect(servers.map((server) => server.includes(text))).toEqual([false, true, true, false]);
  });

  test.each([
    "",
    "# nothing }",
    "location = /a { return 200 'a;}'; }",
    'add_header X-A "a \\" b";\nrewrite ^/a{2}$ /b;'.replace("a{2}", '"a{2}"').replace("^/", ""),
    "location / {\n  if ($a) { return 403; }\n  proxy_pass http://${b}/;\n}",
  ])("may be %j", (text) => expect(checkServerText(text)).toBeUndefined());

  test.each([
    ["}", "closes a block in line 1 that it has not opened"],
    ["location / {\n} }", "closes a block in line 2"],
    ["location / { return 200; ", "leaves 1 block open"],
    ["return 200", 'without ";" at its end'],
    ["location / { return 200 }", 'without ";" before the end of a block'],
    ["\nreturn 'a;\n", "has a quote in line 2 that is not closed"],
    ["{ return 200; }", "has a block without a name"],
    [";", 'has ";" without a directive'],
  ])("may not be %j", (text, reason) => expect(checkServerText(text)).toContain(reason));
});

describe("proxies before nginx", () => {
  test("are believed by their ranges, each once", () => {
    const text = site({ trustedProxies: ["192.0.2.0/24", "192.0.2.0/24"] });
    expect(text.match(/set_real_ip_from 192\.0\.2\.0\/24;/g)).toHaveLength(1);
    expect(text).toContain(
      "geo $realip_remote_addr $is_trusted_proxy {\n    default 0;\n    192.0.2.0/24 1;\n  }",
    );
  });

  test("are nobody if none is named", () => {
    expect(site()).not.toContain("real_ip");
    expect(site()).toContain("geo $realip_remote_addr $is_trusted_proxy {\n    default 0;\n  }");
  });
});

describe("who may reach Ghost's administration", () => {
  /** What nginx takes a decoded and normalised path for, by the map that it is given. */
  function isRefused(
    isAdmin: boolean,
    method: string,
    uri: string,
    basePath = "",
    socialWeb = false,
  ): boolean {
    const block = /map [^{]*\$is_refused \{([^}]*)\}/.exec(
      adminMaps({ adminCidrs: [], basePath, socialWeb }),
    )![1]!;
    const rules = [...block.matchAll(/^ *"~(\*?)(.*)" ([01]);$/gm)];
    expect(rules).toHaveLength(socialWeb ? 5 : 4);
    const subject = `${isAdmin ? 1 : 0}:${method}:${uri}`;
    const found = rules.find(([, star, source]) => new RegExp(source!, star ? "i" : "").test(subject));
    return found?.[3] === "1";
  }

  test.each([
    ["GET", "/ghost"],
    ["GET", "/ghost/"],
    ["GET", "/GHOST/"],
    ["GET", "/ghost\\x"],
    ["GET", "/ghost\u00a0"],
    ["GET", "/ghost.html"],
    ["GET", "/ghost/api/admin/site/"],
    ["GET", "/ghost/api/v3/admin/site/"],
    ["GET", "/ghost/api/contents/"],
    ["GET", "/ghost/api/xcanary/content/"],
    ["GET", "/ghost/api/"],
    ["GET", "/ghost/auth-frame/"],
    ["GET", "/ghost/.well-known/jwks.json"],
    ["POST", "/ghost/api/admin/schedules/posts/1/"],
    ["DELETE", "/ghost/api/admin/automations/poll"],
    ["PUT", "/ghost/api/admin/posts/1/"],
    ["PUT", "/ghost/api/admin/schedules/posts/1/more/"],
    ["A-STRANGE_METHOD", "/ghost/"],
  ])("refuses others %s %s", (method, uri) => {
    expect(isRefused(false, method, uri)).toBe(true);
    expect(isRefused(true, method, uri)).toBe(false);
  });

  test.each([
    ["GET", "/"],
    ["GET", "/ghost-stories/"],
    ["GET", "/ghosts/"],
    ["GET", "/tag/ghost/"],
    ["GET", "/ghost/api/content/posts/"],
    ["GET", "/ghost/api/v3/content/posts/"],
    ["POST", "/members/api/send-magic-link/"],
    ["PUT", "/ghost/api/admin/schedules/posts/0123456789abcdef01234567/"],
    ["PUT", "/ghost/api/admin/gifts/flush_reminders/"],
    ["PUT", "/ghost/api/admin/automations/poll"],
  ])("lets everybody %s %s", (method, uri) => {
    expect(isRefused(false, method, uri)).toBe(false);
  });

  test("answers the social web's service two questions, if that is on", () => {
    const isAnswered = (method: string, uri: string) =>
      [true, false].map((socialWeb) => !isRefused(false, method, uri, "", socialWeb));
    expect(isAnswered("GET", "/ghost/.well-known/jwks.json")).toEqual([true, false]);
    expect(isAnswered("GET", "/ghost/api/admin/site/")).toEqual([true, false]);
    expect(isAnswered("POST", "/ghost/api/admin/site/")).toEqual([false, false]);
    expect(isAnswered("GET", "/ghost/api/admin/site/x")).toEqual([false, false]);
    expect(site({ socialWeb: true })).toContain("webfinger");
    expect(site()).not.toContain("webfinger");
  });

  test("is asked below the blog's path", () => {
    expect(isRefused(false, "GET", "/the.blog/ghost/", "/the.blog")).toBe(true);
    expect(isRefused(false, "GET", "/the.blog/ghost/api/content/posts/", "/the.blog")).toBe(false);
    expect(isRefused(false, "GET", "/thexblog/ghost/", "/the.blog")).toBe(false);
  });

  test("is everybody where everybody may, and else the ranges, each once", () => {
    const maps = (adminCidrs: string[]) => adminMaps({ adminCidrs, basePath: "", socialWeb: false });
    expect(maps(["192.0.2.7/32", "192.0.2.7/32", "2001:db8::/32"])).toContain(
      "{\n    default 0;\n    192.0.2.7/32 1;\n    2001:db8::/32 1;\n  }",
    );
    expect(maps(["192.0.2.7/32", "0.0.0.0/0"])).toContain("{\n    default 1;\n  }");
  });

  test("is decided in every server that passes requests on, before a location is chosen", () => {
    for (const text of [site(), site({ httpsPort: 443 })])
      for (const server of text.split(/^ {2}server \{$/m).slice(1))
        expect(server.includes("proxy_pass")).toBe(server.includes(adminGuard));
  });
});
