import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { PolicySection } from "./preview-report.ts";

/** Packs that took part, and what they found. */
export function policySection(events: readonly EngineEvent[]): PolicySection {
  const findings = events.flatMap(({ policyEvent }) => {
    if (!policyEvent) return [];
    const { policyName, policyPackName, enforcementLevel, resourceUrn, message } = policyEvent;
    return [
      {
        policy: policyName,
        pack: policyPackName,
        level: enforcementLevel,
        resource: resourceUrn ? resourceUrn.slice(resourceUrn.lastIndexOf("::") + 2) : null,
        message: plainText(message),
      },
    ];
  });
  const packs = events.flatMap(({ summaryEvent }) => (summaryEvent ? [packsOf(summaryEvent)] : []));
  return { packs: Object.assign({}, ...packs) as Record<string, string>, findings };
}

/**
 * Packs by name. The engine writes the property with a capital, unlike the SDK's type of it, and puts where a local pack
 * lies behind its name, `NAME|local|PATH` (measured with 3.259).
 */
function packsOf(summary: object): Record<string, string> {
  const { PolicyPacks, policyPacks } = summary as Partial<Record<string, Record<string, string>>>;
  const packs = Object.entries(PolicyPacks ?? policyPacks ?? {});
  return Object.fromEntries(packs.map(([name, version]) => [name.split("|")[0] ?? name, version]));
}

/** The reasons why the preview failed; those of policies are findings. */
export function previewErrors(events: readonly EngineEvent[]): string[] {
  return events
    .flatMap(({ diagnosticEvent }) =>
      diagnosticEvent?.severity === "error" ? [plainText(diagnosticEvent.message)] : [],
    )
    .filter((error) => error !== "preview failed");
}

const plainText = (message: string): string => message.replace(/<\{%.*?%\}>/g, "").trim();
