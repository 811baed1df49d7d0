const answers = new Map<string, Promise<boolean>>();

/** Whether an HTTPS server answers at that host, asked once a run. No answer within three seconds counts as no. */
export function hostAnswers(host: string): Promise<boolean> {
  let answer = answers.get(host);
  if (!answer) {
    answer = fetch(`https://${host}/`, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(3000),
    }).then(
      () => true,
      () => false,
    );
    answers.set(host, answer);
  }
  return answer;
}
