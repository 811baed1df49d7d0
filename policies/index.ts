import { PolicyPack } from "@pulumi/policy";
import { policies } from "./rules/index.ts";

new PolicyPack("nomad-digitalocean", {
  description: "Jobs, firewalls, capacity and costs of Nomad on DigitalOcean",
  enforcementLevel: "mandatory",
  policies,
});
