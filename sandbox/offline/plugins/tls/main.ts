// A stand-in for pulumi-resource-tls: keys, certificate requests and certificates, made locally.
import { serveProvider } from "../../../../providers/engine/provider.ts";
import { certRequest, locallySignedCert, selfSignedCert } from "./certificates.ts";
import { privateKey } from "./private-key.ts";

await serveProvider<void>({
  name: "tls",
  version: "5.6.1",
  isStandIn: true,
  configuration: {},
  configure: () => undefined,
  resources: {
    "tls:index/privateKey:PrivateKey": privateKey,
    "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
    "tls:index/certRequest:CertRequest": certRequest,
    "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
  },
  functions: {},
});
