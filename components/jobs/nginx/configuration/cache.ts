import { escapedForRegExp } from "./admin.ts";

/** How long a page that nobody reads is kept; one that is read is kept for as long as Ghost is away. */
const keptUnread = "24h";

/**
 * Variables of the cache. Ghost's own Cache-Control says what is kept and how long (see `ghostCacheControl`); this says for
 * whom. Ghost's cookies for members, staff, and readers of a private blog all begin with "ghost-" or are its session's.
 */
export function cacheVariables(basePath: string, cacheSize: number): string {
  return `
  proxy_cache_path cache levels=1:2 keys_zone=pages:4m inactive=${keptUnread} max_size=${cacheSize}m use_temp_path=off;

  map "$request_method:$uri" $is_uncached {
    default 1;
    "~*^(?:GET|HEAD):${escapedForRegExp(basePath)}/(?:ghost|members)(?![\\w-])" 1;
    "~^(?:GET|HEAD):" 0;
  }
  map $http_cookie $is_of_somebody {
    default 0;
    "~*(?:^|[;,\\s])(?:ghost-|express:|connect\\.sid)" 1;
  }
  # Anything but two zeros, of a plain reader who asks for a page.
  map "$is_uncached$is_of_somebody$http_authorization$http_x_ghost_preview" $is_personal {
    default 1;
    00 0;
  }
  # Who administers the blog and reloads by force sees what Ghost says now, and everybody else sees it from then on.
  map "$is_admin:$http_cache_control" $is_reloaded {
    default 0;
    "~*^1:.*no-cache" 1;
  }
  # One variant a page, not one a browser.
  map $http_accept_encoding $accepted_encoding {
    default "";
    "~*(?:^|[\\s,])gzip(?:[\\s,;]|$)" gzip;
  }
  # Browsers ask nginx each time, so that no page is older than nginx's.
  map $upstream_http_cache_control $cache_control {
    default $upstream_http_cache_control;
    "~^public, max-age=\\d+, stale-while-revalidate=\\d+$" "public, max-age=0";
  }
  # The last of those that were asked for this request.
  map $upstream_status $is_unkept {
    default 1;
    ~200$ 0;
  }
`;
}

/** For a location whose answers are kept. `scheme` is the variable of the scheme by which the reader came. */
export function cacheStore(scheme: string): string {
  return `      proxy_cache pages;
      proxy_cache_key "${scheme}://$http_host$request_uri";
      proxy_no_cache $is_personal $is_unkept;
`;
}

/** For a location that asks Ghost. */
export function cacheDirectives(scheme: string): string {
  return `${cacheStore(scheme)}      proxy_cache_bypass $is_personal $is_reloaded;
      proxy_cache_revalidate on;
      # One reader waits for Ghost, and who comes meanwhile gets the old page. Would nobody wait, somebody would see a page that
      # nobody has asked for in hours.
      proxy_cache_use_stale updating error timeout invalid_header http_500 http_502 http_503 http_504;
      proxy_cache_lock on;
      proxy_cache_lock_timeout 1s;
      proxy_set_header Accept-Encoding $accepted_encoding;
`;
}
