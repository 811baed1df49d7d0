import type { Emulator } from "../emulator.ts";
import type { Tag } from "../store/entities.ts";

/** Tag names are case stable: the spelling that made the tag is the one that counts. */
export function findTag(emulator: Emulator, name: string): Tag | undefined {
  return emulator.store.tags.list().find((tag) => tag.id.toLowerCase() === name.toLowerCase());
}

/** Makes those of the tags that are new and returns all in their stable spelling. To be called in a transaction. */
export function ensureTags(emulator: Emulator, names: readonly string[]): string[] {
  return names.map((name) => {
    const tag = findTag(emulator, name) ?? { id: name };
    emulator.store.tags.put(tag);
    return tag.id;
  });
}
