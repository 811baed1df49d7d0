export interface HeaderSettings {
  /** Origins that may show the blog in a frame, beside itself. */
  readonly frameAncestors: readonly string[];
  /** Value of the header of this name, sent with https. */
  readonly strictTransportSecurity?: string;
}

/** Headers for browsers, each unless Ghost sends its own. */
export function headerVariables({ frameAncestors, strictTransportSecurity }: HeaderSettings): string {
  const policy = ["frame-ancestors 'self'", ...frameAncestors].join(" ");
  return `
  map $upstream_http_x_content_type_options $content_type_options {
    "" nosniff;
  }
  map $upstream_http_referrer_policy $referrer_policy {
    "" strict-origin-when-cross-origin;
  }
  map $upstream_http_content_security_policy $content_security_policy {
    "" "${policy}";
  }
  map $client_scheme $strict_transport_security {
    default "";
    https "${strictTransportSecurity ?? ""}";
  }
`;
}

/** An empty one is not sent. A location that adds headers of its own has to say these again. */
export const headerDirectives = `      add_header X-Content-Type-Options $content_type_options always;
      add_header Referrer-Policy $referrer_policy always;
      add_header Content-Security-Policy $content_security_policy always;
      add_header Strict-Transport-Security $strict_transport_security always;
`;
