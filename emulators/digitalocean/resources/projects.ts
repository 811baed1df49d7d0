import type { Emulator } from "../emulator.ts";
import type { Project } from "../store/entities.ts";

/** The account's default project, made when there is none yet. */
export function defaultProject(emulator: Emulator): Project {
  const { store, projectId, now } = emulator;
  const existing = store.projects.list().find(({ isDefault }) => isDefault);
  if (existing !== undefined) return existing;
  const project: Project = {
    ...{ id: projectId, name: "emulator", description: "", environment: "Development", isDefault: true },
    ...{ purpose: "Operational / Developer tooling", createdAt: now(), updatedAt: now() },
  };
  store.projects.put(project);
  return project;
}

/** The project that a resource is in. */
export function projectOf(emulator: Emulator, urn: string): Project {
  const id = emulator.store.projectAssignments.get(urn)?.projectId;
  return (id === undefined ? undefined : emulator.store.projects.get(id)) ?? defaultProject(emulator);
}

/** A resource of the kinds that can be in a project. */
export interface ProjectResource {
  readonly urn: string;
  /** Of the resource, below the origin. */
  readonly path: string;
  readonly createdAt: string;
}

/** All there are in the account. */
export function allProjectResources({ store, now }: Emulator): ProjectResource[] {
  return [
    ...store.droplets.list().map(({ id, createdAt }) => ({
      ...{ urn: `do:droplet:${id}`, path: `/v2/droplets/${id}`, createdAt },
    })),
    ...store.volumes.list().map(({ id, createdAt }) => ({
      ...{ urn: `do:volume:${id}`, path: `/v2/volumes/${id}`, createdAt },
    })),
    ...store.reservedIps.list().map(({ id }) => ({
      ...{ urn: `do:reservedip:${id}`, path: `/v2/reserved_ips/${id}`, createdAt: now() },
    })),
    ...store.loadBalancers.list().map(({ id, createdAt }) => ({
      ...{ urn: `do:loadbalancer:${id}`, path: `/v2/load_balancers/${id}`, createdAt },
    })),
    ...store.domains.list().map(({ id, createdAt }) => ({
      ...{ urn: `do:domain:${id}`, path: `/v2/domains/${id}`, createdAt },
    })),
  ];
}

/** What is in a project. */
export function resourcesOf(emulator: Emulator, project: Project): ProjectResource[] {
  return allProjectResources(emulator).filter(({ urn }) => projectOf(emulator, urn).id === project.id);
}
