import { expect, it, vi } from "vitest";
import { servedImage } from "../../../../sandbox/images/official-image.ts";
import { describeImage } from "../../../../sandbox/images/served-image.ts";
import type { StandInImage } from "../../../../sandbox/images/served-image.ts";

const reference = "nginx:1.2.3";
const standIn: StandInImage = {
  origin: "stand-in",
  reference,
  holds: "Debian's nginx",
  archive: "/cache/nginx.tar",
  localName: "nomad-digitalocean/stand-in/nginx:1.2.3",
};

function sources(answers: boolean, pull: () => Promise<void>) {
  return { dockerHubAnswers: () => Promise.resolve(answers), pull: vi.fn(pull) };
}

it("takes the official image where Docker Hub answers, and builds nothing", async () => {
  const build = vi.fn(() => Promise.resolve(standIn));
  const hub = sources(true, () => Promise.resolve());
  const image = await servedImage(reference, build, () => undefined, hub);
  expect(image).toEqual({ origin: "official", reference });
  expect(hub.pull).toHaveBeenCalledWith(reference);
  expect(build).not.toHaveBeenCalled();
  expect(describeImage(image)).toBe("official image nginx:1.2.3");
});

it("builds a stand-in where Docker Hub does not answer, without asking it for the image", async () => {
  const hub = sources(false, () => Promise.reject(new Error("not to be called")));
  const image = await servedImage(
    reference,
    () => Promise.resolve(standIn),
    () => undefined,
    hub,
  );
  expect(image).toBe(standIn);
  expect(hub.pull).not.toHaveBeenCalled();
  expect(describeImage(image)).toBe("stand-in for nginx:1.2.3, with Debian's nginx");
});

it("says why it builds a stand-in when Docker Hub answers but does not give the image", async () => {
  const reports: string[] = [];
  const refuse = () => Promise.reject(new Error("Command failed\ntoomanyrequests: pull rate limit"));
  const image = await servedImage(
    reference,
    () => Promise.resolve(standIn),
    (text) => reports.push(text),
    sources(true, refuse),
  );
  expect(image).toBe(standIn);
  expect(reports.at(-1)).toBe(
    "Docker Hub did not give nginx:1.2.3: toomanyrequests: pull rate limit; building a stand-in",
  );
});
