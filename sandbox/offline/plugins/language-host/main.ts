// A stand-in for pulumi-language-nodejs: what `pulumi preview`, `up`, `refresh`, `destroy`, `about`, `install`,
// `package get-schema` and `package add` ask of it.
import { spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { once } from "node:events";
import languageMessages from "@pulumi/pulumi/proto/language_pb.js";
import type {
  InstallDependenciesRequest,
  InstallDependenciesResponse,
  ProgramInfo,
  RunPluginRequest,
  RunPluginResponse,
  RunRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { execa } from "execa";
import { emptyMessages } from "../../../../providers/engine/google-protobuf.ts";
import { servePlugin, streaming, unary } from "../../../../providers/engine/grpc-server.ts";
import { pluginCommand } from "./plugin.ts";
import { programCommand } from "./program.ts";
import type { ProgramRequest } from "./program.ts";

const version = "3.259.0+stand-in";

/** The SDK's runner exits with this code when it has already reported why. */
const reportedExitCode = 32;

const engine = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";
const running = new Set<ChildProcess>();

function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

function stopAll() {
  for (const child of running) child.kill("SIGTERM");
}

function programInfo(request: { getInfo(): ProgramInfo | undefined }): ProgramInfo {
  const info = request.getInfo();
  if (info === undefined) throw new Error("the engine is too old: it sends no program info");
  return info;
}

function programRequest(request: RunRequest): ProgramRequest {
  const info = programInfo(request);
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
  const child = start(process.execPath, command.arguments, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...command.environment },
  });
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  const response = new languageMessages.RunResponse();
  if (code === reportedExitCode) response.setBail(true);
  else if (signal !== null) response.setError(`Program was ended by ${signal}`);
  else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
  return response;
}

/** Runs a plugin until it exits or the engine ends the call. Its standard output begins with the port it serves on. */
async function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): Promise<void> {
  const { request } = call;
  const info = programInfo(request);
  const command = pluginCommand({
    programDirectory: info.getProgramDirectory(),
    kind: request.getKind(),
    arguments: request.getArgsList(),
    environment: request.getEnvList(),
    options: info.getOptions()?.toJavaScript() ?? {},
  });
  const child = start(process.execPath, command.arguments, {
    cwd: request.getPwd(),
    stdio: ["ignore", "pipe", "pipe"],
    env: command.environment,
  });
  call.on("cancelled", () => child.kill("SIGTERM"));
  child.stdout?.on("data", (bytes: Buffer) =>
    call.write(new languageMessages.RunPluginResponse().setStdout(bytes)),
  );
  child.stderr?.on("data", (bytes: Buffer) =>
    call.write(new languageMessages.RunPluginResponse().setStderr(bytes)),
  );
  const [code] = (await once(child, "close")) as [number | null];
  call.write(new languageMessages.RunPluginResponse().setExitcode(code ?? 1));
}

/** `npm install`; in a workspace, in its root, as the official host does. */
async function installDependencies(
  call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
): Promise<void> {
  const info = programInfo(call.request);
  const manager = info.getOptions()?.toJavaScript()["packagemanager"] ?? "npm";
  if (manager !== "npm" && manager !== "auto")
    throw new Error(`this stand-in installs packages with npm only, not with ${JSON.stringify(manager)}`);
  // npm finds the workspace that a folder belongs to.
  const { stdout: root } = await execa("npm", ["prefix"], { cwd: info.getProgramDirectory() });
  const child = start("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (bytes: Buffer) =>
    call.write(new languageMessages.InstallDependenciesResponse().setStdout(bytes)),
  );
  child.stderr?.on("data", (bytes: Buffer) =>
    call.write(new languageMessages.InstallDependenciesResponse().setStderr(bytes)),
  );
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`npm install failed in ${root} with exit code ${code}`);
}

const handlers: Partial<ILanguageRuntimeServer> = {
  getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(version)),
  // The sandbox installs the plugins, so there is none for the engine to install.
  getRequiredPackages: unary(() => new languageMessages.GetRequiredPackagesResponse()),
  about: unary(() =>
    new languageMessages.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
  ),
  run: unary(run),
  runPlugin: streaming(runPlugin),
  installDependencies: streaming(installDependencies),
  cancel: unary(() => {
    stopAll();
    return new emptyMessages.Empty();
  }),
};

process.on("exit", stopAll);
await servePlugin(languageService.LanguageRuntimeService, handlers);
