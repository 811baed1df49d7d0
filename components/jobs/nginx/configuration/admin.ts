import { geo } from "./geo.ts";

/**
 * What Ghost asks of itself at its public URL, with a signed token: it publishes scheduled posts so (Ghost 6.65,
 * `authAdminApiWithUrl` in its Admin API's routes).
 */
const signedByGhost = "(?:schedules/[^/]+/[^/]+|gifts/flush_(?:reminders|deliveries)|automations/poll)/?$";

/** Ghost takes requests of an old version's path too (`legacy-api-path-match.js`). */
const contentApi = "api/(?:v[234]/|canary/)?content/";

/** Whom Ghost's administration answers, and where it is. */
export interface AdminSettings {
  readonly adminCidrs: readonly string[];
  readonly basePath: string;
  /** Whether Ghost's service of the social web may ask for the blog's key and its name. */
  readonly socialWeb: boolean;
}

const askedBySocialWeb = String.raw`(?:\.well-known/jwks\.json|api/admin/site/?)$`;

/**
 * Variables that say who may reach Ghost's administration, and whether a request must not. Ghost matches its paths without
 * regard to case; nginx has decoded and normalised `$uri` before it is compared.
 */
export function adminMaps({ adminCidrs, basePath, socialWeb }: AdminSettings): string {
  const ghost = `${escapedForRegExp(basePath)}/ghost`;
  return `${geo("$remote_addr", "$is_admin", adminCidrs)}
  # Readers' pages need the Content API, and Ghost its own scheduler. Whatever else begins like Ghost's administration is
  # refused; a post whose name begins with "ghost-" is none of it.
  map "$is_admin:$request_method:$uri" $is_refused {
    default 0;
    "~^1:" 0;
    "~*^0:PUT:${ghost}/api/admin/${signedByGhost}" 0;
${socialWeb ? `    "~*^0:GET:${ghost}/${askedBySocialWeb}" 0;\n` : ""}    "~*^0:[^:]*:${ghost}/${contentApi}" 0;
    "~*^0:[^:]*:${ghost}(?![\\w-])" 1;
  }
`;
}

/** In every server. It comes before the choice of a location, so that no location gets round it. */
export const adminGuard = String.raw`
    # Node.js takes a backslash for a slash in what has a "#", which nginx does not; no browser sends either in a path.
    if ($request_uri ~ "^[^?]*[\\\\#]") {
      return 400;
    }
    if ($is_refused) {
      return 403;
    }
`;

/** A part of a regular expression that matches this path and no other. */
export function escapedForRegExp(path: string): string {
  return path.replace(/[^\w/-]/g, String.raw`\$&`);
}
