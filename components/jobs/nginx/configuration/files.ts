/** Files in the task's directories. */
export const nginxFiles = {
  /** What is in the job's text. */
  main: "nginx.conf",
  /** What is in the job's Variable, so that a change is loaded and no task restarted. */
  site: "site.conf",
  /** Where this nginx answers the others. */
  peersAddress: "peers-address.conf",
  holdingPage: "holding-page.html",
  /** Certificate chain and private key in one file, so that a reload never sees one without the other. */
  certificate: "tls.pem",
} as const;

/** Items of the job's Variable beside those of the certificate. */
export const nginxItems = { site: "site", holdingPage: "holdingPage" } as const;
