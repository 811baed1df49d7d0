/** An image of Docker Hub that the registry mirror serves to the droplets. */
export type ServedImage = OfficialImage | StandInImage;

/** The image as published, in this machine's Docker. */
export interface OfficialImage {
  readonly origin: "official";
  /** Name and tag that a job asks for, and that this machine's Docker has it under. */
  readonly reference: string;
}

/** An image that was made on this machine, where Docker Hub does not answer. */
export interface StandInImage {
  readonly origin: "stand-in";
  /** Name and tag that a job asks for. */
  readonly reference: string;
  /** What is in it: "Debian's nginx". */
  readonly holds: string;
  /** Archive that `docker load` takes. */
  readonly archive: string;
  /** Name and tag that `docker load` gives it. */
  readonly localName: string;
}

/** For the screen: "official image nginx:1.30.7", or what stands in for it. */
export function describeImage(image: ServedImage): string {
  return image.origin === "official"
    ? `official image ${image.reference}`
    : `stand-in for ${image.reference}, with ${image.holds}`;
}
