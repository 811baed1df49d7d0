import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { CheckFailure } from "./resource-type.ts";
import { withoutSecrets } from "./values.ts";
import type { Properties } from "./values.ts";

/** The properties in a message, without the marks of secrets. */
export function properties(struct: Struct | undefined): Properties {
  return withoutSecrets(struct?.toJavaScript() ?? {}) as Properties;
}

export function failureMessages(failures: readonly CheckFailure[]) {
  return failures.map(({ property, reason }) =>
    new messages.CheckFailure().setProperty(property).setReason(reason),
  );
}

/** The token inside `urn:pulumi:STACK::PROJECT::PARENT$TOKEN::NAME`. */
export function resourceToken(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The name in a URN, which may hold colons itself. */
export const resourceName = (urn: string): string => urn.split("::").slice(3).join("::");
