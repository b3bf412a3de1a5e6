import { createHash } from 'node:crypto';

const HASH_LENGTH = 8;
const WORDS = /^[a-z]+(-[a-z]+)*$/;

/**
 * The part of a logical id that stands for a name. Two names never have the same: where letters and digits alone do not
 * tell them apart, a hash does.
 */
export function logicalPart(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (WORDS.test(name)) return pascal;
  return pascal + createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
}

/** The logical id of a queue. */
export const queueId = (queue: string): string => `Queue${logicalPart(queue)}`;
/** The logical id of the queue of what a queue gave up. */
export const deadQueueId = (queue: string): string => `DeadLetters${logicalPart(queue)}`;
/** The logical id of a function. */
export const functionId = (name: string): string => `Function${logicalPart(name)}`;
/** The logical id of a function's role. */
export const roleId = (name: string): string => `Role${logicalPart(name)}`;
/** The logical id of a function's log group. */
export const logsId = (name: string): string => `Logs${logicalPart(name)}`;
/** The logical id of what belongs to another resource. */
export const partId = (what: string, name: string): string => `${what}${logicalPart(name)}`;
