import type { ArgumentIssue } from "../../validation.ts";
import { staticPortProblem } from "../spec/validation.ts";
import { jobProblems } from "../spec/validation.ts";
import { nginxDefaults } from "./job.ts";
import type { NginxArgs } from "./nginx.ts";
import { imageProblem } from "../spec/render.ts";

/** Everything that is wrong with the arguments, but for the certificate, which may be known later: see {@link tlsProblem}. */
export function nginxProblems(args: Omit<NginxArgs, "connection">): ArgumentIssue[] {
  const { type = nginxDefaults.type, count, image, jobId, upstreamService, holdingPage, ...rest } = args;
  const problems = jobProblems({ ...rest });
  const check = (propertyPath: string, wrong: boolean, reason: string) => {
    if (wrong) problems.push({ propertyPath, reason });
  };
  const wholeNumber = (propertyPath: string, value: number | undefined, lowest: number, highest: number) =>
    check(
      propertyPath,
      value !== undefined && !(Number.isInteger(value) && value >= lowest && value <= highest),
      `${value} is not a whole number from ${lowest} to ${highest}`,
    );
  check("type", !["system", "service"].includes(type), `"${type}" is neither "system" nor "service"`);
  check(
    "count",
    count !== undefined && type === "system",
    `${count} with type "system", which runs one instance on every node; leave count out, or use type "service"`,
  );
  if (type === "service") wholeNumber("count", count, 1, 1000);
  const imageReason = image === undefined ? undefined : imageProblem(image);
  check("image", imageReason !== undefined, imageReason ?? "");
  check(
    "jobId",
    jobId !== undefined && !serviceName.test(jobId),
    `"${jobId}" is not a name of at most 63 letters, digits and hyphens`,
  );
  check(
    "upstreamService",
    upstreamService !== undefined && !serviceName.test(upstreamService),
    `"${upstreamService}" is not a service name of at most 63 letters, digits and hyphens`,
  );
  wholeNumber("maxBodySize", args.maxBodySize, 1, 4096);
  check("holdingPage", holdingPage?.trim() === "", "is empty; leave it out for the default page");
  problems.push(...portProblems(args));
  return problems;
}

/** As Nomad takes names of services (RFC 1123). */
const serviceName = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;

function portProblems(args: Pick<NginxArgs, "httpPort" | "httpsPort">): ArgumentIssue[] {
  const { httpPort = nginxDefaults.httpPort, httpsPort = nginxDefaults.httpsPort } = args;
  const problems = Object.entries({ httpPort, httpsPort }).flatMap(([propertyPath, port]) => {
    const reason = staticPortProblem(port);
    return reason === undefined ? [] : [{ propertyPath, reason }];
  });
  if (httpPort === httpsPort)
    problems.push({
      propertyPath: "httpsPort",
      reason: `${httpsPort} is httpPort too; give each its own port`,
    });
  return problems;
}
