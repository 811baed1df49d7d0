import { Listr } from "listr2";

/** One thing that a command does, shown on the screen with its time. */
export interface Step {
  readonly title: string;
  /** `report` says what is happening, as often as it likes. The text returned is shown beside the title. */
  run(report: (text: string) => void): Promise<string | undefined>;
}

/** Where there is no terminal, how often a running step prints a line. */
const quietSeconds = 20;

/** The failure of a step, which the screen shows already. */
export class StepError extends Error {}

/** A message for the user, shown without a stack trace. */
export class UsageError extends Error {}

/** A step whose result later steps use. */
export interface ResultStep<Result> {
  readonly title: string;
  run(report: (text: string) => void): Promise<Result>;
  /** The text beside the title. */
  summary(result: Result): string | undefined;
}

/** Runs one step; its failure is a `StepError`. */
export async function runStep<Result>(step: ResultStep<Result>): Promise<Result> {
  return (await runTogether({ step })).step;
}

type Results<Steps> = {
  [Name in keyof Steps]: Steps[Name] extends ResultStep<infer Result> ? Result : never;
};

/** Runs steps all at once and returns their results under the same names; the first that fails ends them. */
export async function runTogether<Steps extends Record<string, ResultStep<unknown>>>(
  steps: Steps,
): Promise<Results<Steps>> {
  const results: Record<string, unknown> = {};
  await runSteps(
    Object.entries(steps).map(([name, step]) => ({
      title: step.title,
      run: async (report) => {
        const result = await step.run(report);
        results[name] = result;
        return step.summary(result);
      },
    })),
    { concurrent: true },
  );
  return results as Results<Steps>;
}

/** Runs steps one after another, or all at once; the first that fails ends them with a `StepError`. */
export async function runSteps(steps: readonly Step[], { concurrent = false } = {}): Promise<void> {
  const terminal = process.stdout.isTTY && process.env["CI"] === undefined;
  const tasks = new Listr(
    steps.map((step) => ({
      title: step.title,
      task: async (_context: unknown, task: { title: string; output: string }) => {
        const started = Date.now();
        const show = reporter(started, terminal ? 0.2 : quietSeconds, (line) => (task.output = line));
        try {
          const result = await step.run(show.report);
          task.title = `${step.title}${result ? `: ${result}` : ""}${duration(Date.now() - started)}`;
        } finally {
          show.stop();
        }
      },
    })),
    {
      concurrent,
      renderer: terminal ? "default" : "simple",
      rendererOptions: terminal ? { collapseErrors: false } : {},
    },
  );
  try {
    await tasks.run();
  } catch (error) {
    throw new StepError("a step failed", { cause: error });
  }
}

/** Passes on the newest text with the elapsed time, at once and then every `seconds`, also when nothing new came. */
export function reporter(started: number, seconds: number, show: (line: string) => void) {
  let text: string | undefined;
  let shown = -Infinity;
  const print = () => {
    if (text === undefined) return;
    shown = Date.now();
    show(`${text}${duration(shown - started)}`);
  };
  const timer = setInterval(print, Math.max(seconds, 1) * 1000);
  return {
    report: (next: string) => {
      text = next;
      if (Date.now() - shown < seconds * 1000) return;
      print();
    },
    stop: () => clearInterval(timer),
  };
}

/** " (1m05s)", or nothing for less than a second. */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return "";
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? ` (${seconds}s)` : ` (${minutes}m${String(seconds % 60).padStart(2, "0")}s)`;
}
