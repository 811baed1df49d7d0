import { withoutDroplet } from "../actions/volume-effects.ts";
import type { Emulator } from "../emulator.ts";

/** Ends what outlived its droplet for long enough: VPC members and attachments of volumes. */
export function releaseWhatIsDue({ store, options, edges }: Emulator): void {
  const isDue = (until: number) => until <= options.now().getTime() || !edges.now.lateRelease;
  store.transaction(() => {
    for (const member of store.formerMembers.list())
      if (isDue(member.until)) store.formerMembers.delete(member.id);
    for (const volume of store.volumes.list())
      if (volume.heldUntil !== undefined && isDue(volume.heldUntil))
        store.volumes.put(withoutDroplet(volume));
  });
}
