/** A resource as the flat program declares it. */
export interface FlatResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** As the state has them; a secret is an object with its JSON in `plaintext`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN of its provider, unless that is a default one. */
  readonly provider?: string;
  /** URNs of the resources whose outputs an input is made of. */
  readonly inputDependencies: Readonly<Record<string, readonly string[]>>;
  /** URNs of the further resources that it waits for. */
  readonly dependsOn: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A stack with the resources of another, but none of its components. */
export interface FlatStack {
  /** What `pulumi stack import` takes. */
  readonly state: object;
  /** Each after those that it depends on. */
  readonly resources: readonly FlatResource[];
}

/** The part of a resource in the state that is read. */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** URN, `::` and id. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly customTimeouts?: unknown;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly replacementTrigger?: unknown;
}

interface StackExport {
  readonly version: number;
  readonly deployment: { readonly resources: readonly StateResource[] };
}

const stackType = "pulumi:pulumi:Stack";
const providerType = /^pulumi:providers:/;
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
const providerUrn = (reference: string): string => reference.slice(0, reference.lastIndexOf("::"));
/** A provider that Pulumi makes by itself. */
const isDefaultProvider = (urn: string): boolean =>
  providerType.test(urn.split("::")[2] ?? "") && /^default(_|$)/.test(nameOf(urn));

/**
 * Takes the components out of what `pulumi stack export --show-secrets` printed: every other resource becomes a child of
 * the stack, and depends on what it depended on before.
 */
export function flatStack(exported: string, project: string, stack: string): FlatStack {
  const { version, deployment } = JSON.parse(exported) as StackExport;
  const kept = deployment.resources.filter(({ custom, type }) => custom === true || type === stackType);
  const root = `urn:pulumi:${stack}::${project}::${stackType}::${project}-${stack}`;
  const urns = new Map(
    kept.map(({ type, urn }) => [
      urn,
      type === stackType ? root : `urn:pulumi:${stack}::${project}::${type}::${nameOf(urn)}`,
    ]),
  );
  const flat = kept.map((resource) => flatResource(resource, root, urns));
  return {
    state: { version, deployment: { ...deployment, resources: flat } },
    resources: flat.filter(({ urn }) => urn !== root && !isDefaultProvider(urn)).map(declaration),
  };
}

function flatResource(
  resource: StateResource,
  root: string,
  urns: ReadonlyMap<string, string>,
): StateResource {
  const known = (list: readonly string[] = []) => list.flatMap((urn) => urns.get(urn) ?? []);
  const { provider, dependencies, propertyDependencies = {} } = resource;
  const urn = urns.get(resource.urn) ?? root;
  const reference = provider === undefined ? undefined : providerUrn(provider);
  return {
    ...resource,
    urn,
    ...(urn !== root && { parent: root }),
    ...(provider !== undefined &&
      reference !== undefined && { provider: `${urns.get(reference)}${provider.slice(reference.length)}` }),
    dependencies: known(dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([input, list]) => [input, known(list)]),
    ),
  };
}

function declaration(resource: StateResource): FlatResource {
  const { urn, type, inputs = {}, dependencies = [], propertyDependencies = {} } = resource;
  const { customTimeouts, protect, retainOnDelete, replacementTrigger } = resource;
  const provider = resource.provider === undefined ? undefined : providerUrn(resource.provider);
  const ofInputs = new Set(Object.values(propertyDependencies).flat());
  const isProvider = providerType.test(type);
  return {
    urn,
    type,
    name: nameOf(urn),
    // The SDK sets a provider's version, and Pulumi the other.
    inputs: Object.fromEntries(
      Object.entries(inputs).filter(([input]) => !(isProvider && ["version", "__internal"].includes(input))),
    ),
    ...(provider !== undefined && !isDefaultProvider(provider) && { provider }),
    inputDependencies: propertyDependencies,
    dependsOn: dependencies.filter((dependency) => !ofInputs.has(dependency)),
    options: { customTimeouts, protect, retainOnDelete, replacementTrigger },
  };
}
