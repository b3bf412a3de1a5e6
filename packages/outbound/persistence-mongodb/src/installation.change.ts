import { MAX_INSTALLATION_MESSAGES, type InstallationMessage } from '@tenon/core';
import { Computed, literal } from './change.js';

/** As the core's `withMessage`, but on the server: no message is lost, however many workers report. */
export function addingMessage(message: Omit<InstallationMessage, 'count'>): Computed {
  const { level, code, text, at } = message;
  const messagesWhere = (operator: '$eq' | '$ne'): object => ({
    $filter: {
      input: '$messages',
      as: 'message',
      cond: { [operator]: ['$$message.code', literal(code)] },
    },
  });
  const countBefore = {
    $sum: { $map: { input: messagesWhere('$eq'), as: 'message', in: '$$message.count' } },
  };
  const added = {
    level: literal(level),
    code: literal(code),
    text: literal(text),
    at: literal(at),
    count: { $add: [countBefore, 1] },
  };
  // `$map` over one element makes a list of one computed document.
  const first = { $map: { input: [0], as: 'one', in: added } };
  const all = { $concatArrays: [first, messagesWhere('$ne')] };
  return new Computed([
    {
      messages: { $slice: [all, MAX_INSTALLATION_MESSAGES] },
      updatedAt: literal(at),
      version: { $add: ['$version', 1] },
    },
  ]);
}
