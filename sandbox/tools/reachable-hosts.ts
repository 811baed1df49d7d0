import { isReachable } from "./outside.ts";

const answers = new Map<string, Promise<boolean>>();

/** Whether an HTTPS server answers at that host, asked once a run. No answer within three seconds counts as no. */
export function hostAnswers(host: string): Promise<boolean> {
  const answer = answers.get(host) ?? isReachable(`https://${host}/`, 3);
  answers.set(host, answer);
  return answer;
}
