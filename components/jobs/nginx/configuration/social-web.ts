/** Ghost's own service of the social web (Ghost's Docker installation, `ACTIVITYPUB_TARGET`). */
const service = "ap.ghost.org";

/** DigitalOcean's resolvers for droplets, and one that answers everybody. */
const resolvers = "67.207.67.2 67.207.67.3 1.1.1.1";

/**
 * What the social web asks of a blog. The name is looked up for each request, as long as its answer holds: at its start nginx
 * would give up if nobody answered.
 */
export const socialWebLocations = `
    location ~ ^/(?:\\.ghost/activitypub/|\\.well-known/(?:webfinger|nodeinfo)$) {
      resolver ${resolvers} ipv6=off;
      set $social_web ${service};
      proxy_pass https://$social_web;
      proxy_ssl_server_name on;
      proxy_ssl_name ${service};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $client_scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_connect_timeout 3s;
    }
`;
