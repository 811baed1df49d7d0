import type { ActionType } from "../store/entities.ts";
import { dropletEffects } from "./droplet-effects.ts";
import type { Effect, EffectParts } from "./effect.ts";
import { reservedIpEffects } from "./reserved-ip-effects.ts";
import { volumeEffects } from "./volume-effects.ts";

/** The effects of every type of action. */
export function actionEffects(parts: EffectParts): Readonly<Record<ActionType, Effect>> {
  return { ...dropletEffects(parts), ...reservedIpEffects(parts), ...volumeEffects(parts) };
}
