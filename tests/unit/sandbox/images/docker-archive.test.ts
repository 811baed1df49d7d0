import { expect, it } from "vitest";
import { imageConfiguration } from "../../../../sandbox/offline/images/docker-archive.ts";

const least = { reference: "a:1", architecture: "amd64", environment: ["A=b"], labels: { l: "text" } };

it("leaves out what the description does not say, so that Docker's defaults hold", () => {
  expect(imageConfiguration(least)).toEqual({ Env: ["A=b"], Labels: { l: "text" } });
});

it("names every field as Docker's image specification does", () => {
  const configuration = imageConfiguration({
    ...least,
    entrypoint: ["entry.sh"],
    command: ["program", "-x"],
    workingDirectory: "/srv",
    user: "node",
    stopSignal: "SIGQUIT",
    exposedPorts: ["80/tcp", "443/tcp"],
    volumes: ["/data"],
  });
  expect(configuration).toEqual({
    Env: ["A=b"],
    Labels: { l: "text" },
    Entrypoint: ["entry.sh"],
    Cmd: ["program", "-x"],
    WorkingDir: "/srv",
    User: "node",
    StopSignal: "SIGQUIT",
    ExposedPorts: { "80/tcp": {}, "443/tcp": {} },
    Volumes: { "/data": {} },
  });
});
