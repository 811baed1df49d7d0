import { createRequire } from "node:module";
import type * as anyTypes from "google-protobuf/google/protobuf/any_pb.js";
import type * as emptyTypes from "google-protobuf/google/protobuf/empty_pb.js";
import type * as structTypes from "google-protobuf/google/protobuf/struct_pb.js";

// The SDK's messages work only with the SDK's own copy of google-protobuf: two versions share one global namespace.
const require = createRequire(import.meta.resolve("@pulumi/pulumi"));

export const anyMessages = require("google-protobuf/google/protobuf/any_pb.js") as typeof anyTypes;
export const emptyMessages = require("google-protobuf/google/protobuf/empty_pb.js") as typeof emptyTypes;
export const structMessages = require("google-protobuf/google/protobuf/struct_pb.js") as typeof structTypes;
