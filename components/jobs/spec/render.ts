import { nanoseconds } from "../../duration.ts";
import { formatIssues, issuesOf } from "../../validation.ts";
import { constraintChecks, renderConstraint } from "./constraint.ts";
import { renderContainerSecurity } from "./container-security.ts";
import { checkImage, jobNameIssues } from "./validation.ts";
import type {
  ApiChangeScript,
  ApiCheck,
  ApiJob,
  ApiLogs,
  ApiNetwork,
  ApiRestartPolicy,
  ApiTask,
  ApiTaskGroup,
  ApiTemplate,
} from "./api-job.ts";
import type {
  HttpCheck,
  RegistryAccess,
  RestartPolicy,
  ServiceJob,
  ServiceTaskGroup,
  SystemJob,
  Task,
  TaskGroup,
  TaskLogs,
} from "./job.ts";
import type { ChangeCommand, Template } from "./template.ts";
import { renderUpdate, updateChecks } from "./update.ts";

const defaultPriority = 50;

/** Nomad's JSON of a system job. Throws on names, constraints and updates that Nomad would refuse, on an image that is not pinned and on text that is not a duration. */
export function systemJob(job: SystemJob): ApiJob {
  return render("system", job, (name, group) => renderGroup(name, group));
}

/** Nomad's JSON of a service job. Throws like {@link systemJob}. */
export function serviceJob(job: ServiceJob): ApiJob {
  return render("service", job, renderServiceGroup);
}

function render<Group extends TaskGroup>(
  type: string,
  job: Omit<SystemJob, "groups"> & { readonly groups: Readonly<Record<string, Group>> },
  renderOne: (name: string, group: Group) => ApiTaskGroup,
): ApiJob {
  const issues = [
    ...jobNameIssues(job),
    ...issuesOf([
      ...(job.constraints ?? []).flatMap((one, index) => constraintChecks(`constraints[${index}]`, one)),
      ...updateChecks("update", type, job.update),
    ]),
  ];
  if (issues.length > 0) throw new Error(formatIssues("invalid job", issues));
  return {
    ID: job.id,
    Name: job.id,
    Type: type,
    Priority: job.priority ?? defaultPriority,
    ...(job.namespace !== undefined && { Namespace: job.namespace }),
    Datacenters: [...job.datacenters],
    ...(job.nodePool !== undefined && { NodePool: job.nodePool }),
    ...(job.constraints && { Constraints: job.constraints.map(renderConstraint) }),
    Update: renderUpdate(job.update ?? {}),
    TaskGroups: Object.entries(job.groups).map(([name, group]) => renderOne(name, group)),
  };
}

function renderServiceGroup(name: string, group: ServiceTaskGroup): ApiTaskGroup {
  const { reschedule, spread } = group;
  return {
    ...renderGroup(name, group),
    Count: group.count ?? 1,
    ...(reschedule && {
      ReschedulePolicy: {
        Delay: nanoseconds(reschedule.delay),
        DelayFunction: "exponential",
        MaxDelay: nanoseconds(reschedule.maxDelay),
        Unlimited: true,
      },
    }),
    ...(spread && { Spreads: [{ Attribute: spread.attribute, Weight: spread.weight }] }),
  };
}

function renderGroup(name: string, group: TaskGroup): ApiTaskGroup {
  const { restart } = group;
  return {
    Name: name,
    ...(group.ports && { Networks: [renderNetwork(group.ports)] }),
    ...(group.volumes && {
      Volumes: Object.fromEntries(
        Object.entries(group.volumes).map(([volume, { source, readOnly = false }]) => [
          volume,
          { Name: volume, Type: "host", Source: source, ReadOnly: readOnly },
        ]),
      ),
    }),
    ...(group.services && {
      Services: group.services.map(({ name: service, port, check }) => ({
        Name: service,
        Provider: "nomad",
        PortLabel: port,
        ...(check && { Checks: [renderCheck(service, check)] }),
      })),
    }),
    ...(restart && { RestartPolicy: renderRestart(restart) }),
    ...(group.shutdownDelay !== undefined && { ShutdownDelay: nanoseconds(group.shutdownDelay) }),
    Tasks: Object.entries(group.tasks).map(([task, definition]) => renderTask(task, definition)),
  };
}

function renderRestart({ attempts, interval, delay, mode }: RestartPolicy): ApiRestartPolicy {
  return {
    Attempts: attempts,
    Interval: nanoseconds(interval),
    Delay: nanoseconds(delay),
    Mode: mode,
  };
}

function renderCheck(service: string, check: HttpCheck): ApiCheck {
  const { headers, restart } = check;
  return {
    Name: `${service} answers`,
    Type: "http",
    Path: check.path,
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    ...(headers && {
      Header: Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, [value]])),
    }),
    ...(restart && { CheckRestart: { Limit: restart.limit, Grace: nanoseconds(restart.grace) } }),
  };
}

/** Only Nomad's HCL parser moves static ports to `ReservedPorts`; in JSON they must be there. */
function renderNetwork(ports: NonNullable<TaskGroup["ports"]>): ApiNetwork {
  const entries = Object.entries(ports).map(([label, { static: value, to }]) => ({
    Label: label,
    ...(value !== undefined && { Value: value }),
    ...(to !== undefined && { To: to }),
  }));
  const reserved = entries.filter((port) => port.Value !== undefined);
  const dynamic = entries.filter((port) => port.Value === undefined);
  return {
    Mode: "host",
    ...(reserved.length > 0 && { ReservedPorts: reserved }),
    ...(dynamic.length > 0 && { DynamicPorts: dynamic }),
  };
}

function renderTask(name: string, task: Task): ApiTask {
  return {
    Name: name,
    Driver: "docker",
    ...(task.user !== undefined && { User: task.user }),
    Config: {
      image: pinned(task.image),
      ...(task.networkMode !== undefined && { network_mode: task.networkMode }),
      ...(task.entrypoint && { entrypoint: [...task.entrypoint] }),
      ...(task.command !== undefined && { command: task.command }),
      ...(task.args && { args: [...task.args] }),
      ...(task.ports && { ports: [...task.ports] }),
      ...(task.security && renderContainerSecurity(task.security)),
      ...(task.registry && { auth: [renderRegistryLogin(task.registry)] }),
    },
    ...(task.registry && {
      Secrets: [{ Name: registrySecret, Provider: "nomad", Path: task.registry.variable }],
    }),
    ...(task.logs && { LogConfig: renderLogs(task.logs) }),
    ...(task.environment && { Env: { ...task.environment } }),
    ...(task.templates && { Templates: task.templates.map(renderTemplate) }),
    Resources: { CPU: task.resources.cpu, MemoryMB: task.resources.memory },
    ...(task.volumeMounts && {
      VolumeMounts: task.volumeMounts.map(({ volume, destination, readOnly = false, propagation }) => ({
        Volume: volume,
        Destination: destination,
        ReadOnly: readOnly,
        ...(propagation !== undefined && { PropagationMode: propagation }),
      })),
    }),
    ...(task.killTimeout !== undefined && { KillTimeout: nanoseconds(task.killTimeout) }),
    ...(task.lifecycle && {
      Lifecycle: { Hook: task.lifecycle.hook, Sidecar: task.lifecycle.sidecar ?? false },
    }),
    ...(task.restart && { RestartPolicy: renderRestart(task.restart) }),
  };
}

/** Name by which the task's configuration reads the registry's Variable. */
const registrySecret = "registry";

function renderRegistryLogin({ server }: RegistryAccess): Record<string, string> {
  return {
    username: `\${secret.${registrySecret}.username}`,
    password: `\${secret.${registrySecret}.password}`,
    ...(server !== undefined && { server_address: server }),
  };
}

function renderLogs({ maxFiles = 10, maxFileSize = 10 }: TaskLogs): ApiLogs {
  return { MaxFiles: maxFiles, MaxFileSizeMB: maxFileSize };
}

function renderTemplate({
  text,
  destination,
  permissions = "0644",
  owner,
  onChange = "restart",
  splay,
  environment,
}: Template): ApiTemplate {
  return {
    EmbeddedTmpl: text,
    DestPath: destination,
    Perms: permissions,
    ...(typeof onChange === "string"
      ? { ChangeMode: onChange }
      : { ChangeMode: "script", ChangeScript: renderChangeCommand(onChange) }),
    ...(splay !== undefined && { Splay: nanoseconds(splay) }),
    ...(environment !== undefined && { Envvars: environment }),
    ...(owner !== undefined && { Uid: owner }),
  };
}

function renderChangeCommand({ command, args, timeout }: ChangeCommand): ApiChangeScript {
  return { Command: command, Args: [...args], Timeout: nanoseconds(timeout), FailOnError: false };
}

function pinned(image: string): string {
  const reason = checkImage(image);
  if (reason !== undefined) throw new Error(`image: ${reason}`);
  return image;
}
