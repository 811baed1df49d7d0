import { createSocket } from "node:dgram";
import { once } from "node:events";
import { AUTHORITATIVE_ANSWER, RECURSION_DESIRED, decode, encode } from "dns-packet";
import type { Packet } from "dns-packet";
import type { DomainRecord } from "../../emulators/digitalocean/index.ts";
import type { Service } from "../mirrors/service-process.ts";
import { replyTo } from "./dns-reply.ts";

export interface DnsServerOptions {
  readonly address: string;
  /** 0 for any free one. */
  readonly port: number;
  /** All records of the account; asked for each question, so that a change counts at once. */
  readonly records: () => readonly DomainRecord[];
  readonly log: (line: string) => void;
}

const notImplemented = 4;

/** A name server over UDP for the zones of an account. Rejects if the address or port cannot be had. */
export async function startDnsServer({ address, port, records, log }: DnsServerOptions): Promise<Service> {
  const socket = createSocket("udp4");
  socket.on("message", (message, client) => {
    try {
      const question = decode(message);
      // What is no question gets no answer, so that two servers do not answer each other for ever.
      if (question.type === "query")
        socket.send(encode(responseTo(question, records())), client.port, client.address);
    } catch (error) {
      log(`DNS: a message of ${client.address} cannot be answered: ${String(error)}`);
    }
  });
  socket.bind(port, address);
  await once(socket, "listening");
  socket.on("error", (error) => log(`DNS: ${String(error)}`));
  return {
    url: `dns://${address}:${socket.address().port}`,
    close: async () => {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  };
}

/** The answer to a packet with one question; more are refused, as name servers do. */
export function responseTo(query: Packet, records: readonly DomainRecord[]): Packet {
  const { id, flags = 0, questions = [], additionals = [] } = query;
  const [question] = questions;
  const reply =
    question === undefined || questions.length > 1
      ? { rcode: notImplemented, answers: [], authorities: [] }
      : replyTo(question, records);
  const asksForMore = additionals.some(({ type }) => type === "OPT");
  return {
    type: "response",
    ...(id !== undefined && { id }),
    flags: AUTHORITATIVE_ANSWER | (flags & RECURSION_DESIRED) | reply.rcode,
    questions,
    answers: [...reply.answers],
    authorities: [...reply.authorities],
    additionals: asksForMore
      ? [
          {
            type: "OPT",
            name: ".",
            udpPayloadSize: 1232,
            flags: 0,
            flag_do: false,
            extendedRcode: 0,
            ednsVersion: 0,
            options: [],
          },
        ]
      : [],
  };
}
