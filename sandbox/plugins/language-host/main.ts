// A stand-in for pulumi-language-nodejs: what `pulumi preview`, `up`, `refresh`, `destroy` and `about` ask of it.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import languageMessages from "@pulumi/pulumi/proto/language_pb.js";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import { emptyMessages } from "../engine/google-protobuf.ts";
import { servePlugin, unary } from "../engine/grpc-server.ts";
import { programCommand } from "./program.ts";
import type { ProgramRequest } from "./program.ts";

const version = "3.259.0+stand-in";

/** The SDK's runner exits with this code when it has already reported why. */
const reportedExitCode = 32;

const engine = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";
let program: ChildProcess | undefined;

function programRequest(request: RunRequest): ProgramRequest {
  const info = request.getInfo();
  if (info === undefined) throw new Error("the engine is too old: it sends no program info");
  return {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    rootDirectory: info.getRootDirectory(),
    programDirectory: info.getProgramDirectory(),
    entryPoint: info.getEntryPoint(),
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    arguments: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().entries()),
    configSecretKeys: request.getConfigsecretkeysList(),
    options: info.getOptions()?.toJavaScript() ?? {},
  };
}

async function run(request: RunRequest) {
  const command = programCommand(programRequest(request));
  const child = spawn(process.execPath, command.arguments, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...command.environment },
  });
  program = child;
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  program = undefined;
  const response = new languageMessages.RunResponse();
  if (code === reportedExitCode) response.setBail(true);
  else if (signal !== null) response.setError(`Program was ended by ${signal}`);
  else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
  return response;
}

function stopProgram() {
  program?.kill("SIGTERM");
}

const handlers: Partial<ILanguageRuntimeServer> = {
  getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(version)),
  // The tools of the sandbox see to plugins, so the engine is told of none to install.
  getRequiredPackages: unary(() => new languageMessages.GetRequiredPackagesResponse()),
  about: unary(() =>
    new languageMessages.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
  ),
  run: unary(run),
  cancel: unary(() => {
    stopProgram();
    return new emptyMessages.Empty();
  }),
};

process.on("exit", stopProgram);
await servePlugin(languageService.LanguageRuntimeService, handlers);
