/** Life of one Node process; times are in seconds since 1970, `cpuSeconds` is what it computed itself. */
export interface ProcessTimes {
  readonly script: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly cpuSeconds: number;
}

/** One run of a command, in seconds. The program counts once for each time that Pulumi ran it. */
export interface Run {
  readonly seconds: number;
  /** Processor time of all its processes outside the kernel. Busy processors change it far less than `seconds`. */
  readonly userSeconds: number;
  /** From start to end of the program's Node process, so with its waiting for Pulumi's engine. */
  readonly programSeconds: number;
  /** What the program's Node process computed. */
  readonly programCpuSeconds: number;
  /** How often Pulumi ran the program: `up` runs it for its preview, too. 0 if it was not seen. */
  readonly programRuns: number;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Whether a process is Pulumi's runner with the program in it. */
export function isProgram(process: ProcessTimes): boolean {
  return /@pulumi[\\/]pulumi[\\/]cmd[\\/]run([\\/]|\.js$|$)/.test(process.script);
}

/** Sums up the program's processes of a command that took `seconds`. */
export function summarizeRun(seconds: number, userSeconds: number, processes: readonly ProcessTimes[]): Run {
  const programs = processes.filter(isProgram);
  return {
    seconds,
    userSeconds,
    programSeconds: sum(programs.map((program) => program.endedAt - program.startedAt)),
    programCpuSeconds: sum(programs.map((program) => program.cpuSeconds)),
    programRuns: programs.length,
  };
}

/** Median, least and most. Throws for no values. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || least === undefined || most === undefined)
    throw new Error("no values to summarize");
  return { median: (low + high) / 2, least, most };
}

/** Part of the whole that the program's process took, 0 to 1 in the median; undefined if a run did not show it. */
export function programShare(runs: readonly Run[]): number | undefined {
  if (runs.length === 0 || runs.some((run) => run.programRuns === 0)) return undefined;
  return spread(runs.map((run) => run.programSeconds / run.seconds)).median;
}

/** User time of a shell's children, from what its `times` printed: `0m4.540s 0m1.090s` in the second line. */
export function parseUserSeconds(times: string): number {
  const [, minutes, seconds] = /^[^\n]*\n(\d+)m([\d.]+)s /.exec(times) ?? [];
  if (minutes === undefined || seconds === undefined) throw new Error(`\`times\` printed no times: ${times}`);
  return Number(minutes) * 60 + Number(seconds);
}

/** Reads what the processes of a command noted, one JSON object a line. */
export function parseProcessTimes(text: string): ProcessTimes[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ProcessTimes);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
