import { expect, test, vi } from "vitest";
import { runPreview } from "../../../../cli/report/run-preview.ts";

test("without Pulumi on PATH one sentence says what is missing", async () => {
  vi.stubEnv("PATH", "/nonexistent");
  const preview = runPreview({ stack: "sgp1", directory: import.meta.dirname, policyPacks: [] });
  await expect(preview).rejects.toThrow(/^pulumi is not on PATH: install it as https:\/\/www\.pulumi\.com/);
  vi.unstubAllEnvs();
});
