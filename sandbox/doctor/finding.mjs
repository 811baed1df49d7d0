// @ts-check
/** @import { Facts, Finding } from "./facts.ts" */

/** @type {(subject: string, text: string) => Finding} */
export const ok = (subject, text) => ({ subject, level: "ok", text });
/** @type {(subject: string, text: string, mend: string) => Finding} */
export const warning = (subject, text, mend) => ({ subject, level: "warning", text, mend });
/** @type {(subject: string, text: string, mend: string) => Finding} */
export const problem = (subject, text, mend) => ({ subject, level: "problem", text, mend });

/** @param {Facts} facts */
export const isDebian = ({ distributions }) => distributions.includes("debian");
