import * as grpc from "@grpc/grpc-js";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { anyMessages, structMessages } from "./google-protobuf.ts";
import { StatusError } from "./grpc-server.ts";
import { withoutAbsent } from "./values.ts";
import type { Properties } from "./values.ts";

export function toStruct(properties: Properties) {
  return structMessages.Struct.fromJavaScript(withoutAbsent(properties) as Record<string, JavaScriptValue>);
}

/** The error by which the engine learns that a resource exists, with `state`, though the operation failed. */
export function incompleteResource(
  message: string,
  id: string,
  state: Properties,
  inputs: Properties,
): StatusError {
  const detail = new providerMessages.ErrorResourceInitFailed()
    .setId(id)
    .setProperties(toStruct(state))
    .setInputs(toStruct(inputs))
    .setReasonsList([message]);
  const any = new anyMessages.Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusMessages.Status().setCode(grpc.status.UNKNOWN).setMessage(message);
  status.setDetailsList([any]);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return new StatusError(grpc.status.UNKNOWN, message, metadata);
}
