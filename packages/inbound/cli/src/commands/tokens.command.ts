import { nearestName, scopes } from '@tenon/core';
import type { Scope, TokenId, TokenView, UserId } from '@tenon/core';
import { UsageError } from '../cli.errors.js';
import { defineCommand } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { textFlag, wholeFlag } from '../flags.js';
import { writeDetails } from '../operate/details.js';
import { timeCell, writeJson } from '../operate/paging.js';
import { listCommand, thingCommand } from '../operate/tenant-commands.js';
import { tenantFlags, withTenant } from '../operate/with-tenant.js';
import { word } from '../words.js';

const DAY_MS = 86_400_000;

function scopesOf(text: string): Scope[] {
  return text.split(',').map((name) => {
    const scope = scopes.find((each) => each === name.trim());
    if (scope !== undefined) return scope;
    const nearest = nearestName(name, scopes);
    const hint = nearest ? `did you mean '${nearest}'?` : `scopes: ${scopes.join(', ')}`;
    throw new UsageError(`There is no scope '${name}'; ${hint}`);
  });
}

const noFlags = {};

/** `tenon tokens list`. */
export const tokensListCommand = listCommand<TokenView, typeof noFlags>({
  name: 'tokens list',
  what: 'tokens',
  flags: noFlags,
  columns: [
    ['ID', ({ id }) => id],
    ['USER', ({ userId }) => userId],
    ['EXPIRES', ({ expiresAt }) => timeCell(expiresAt)],
    ['SCOPES', ({ scopes: granted }) => granted.join(',')],
    ['LABEL', ({ label }) => label],
  ],
  list: ({ commands, context }, page) => commands.tokens.list(context, page),
});

/** `tenon tokens issue`. The bearer alone goes to standard output. */
export const tokensIssueCommand = defineCommand({
  name: 'tokens issue',
  summary: 'Issue a token for a user; it is shown once',
  words: { user: word('USER', 'the id of the user') },
  flags: {
    label: textFlag('TEXT', 'What the token is for (default: command line)'),
    scopes: textFlag('SCOPES', 'Scopes with commas between (default: all)'),
    days: wholeFlag('N', 'Days until it expires (default: 30)', { min: 1, max: 3650 }),
    ...tenantFlags,
  },
  run: async (flags, io) => {
    const granted = flags.scopes === null ? null : scopesOf(flags.scopes);
    return withTenant(io, flags, async ({ commands, context }) => {
      const issued = await commands.tokens.issue(context, {
        userId: flags.user as UserId,
        label: flags.label ?? 'command line',
        ...(granted && { scopes: granted }),
        ...(flags.days !== null && { ttlMs: flags.days * DAY_MS }),
      });
      if (flags.json) {
        writeJson(io, issued);
      } else {
        io.stdout.write(`${issued.bearer}\n`);
        writeDetails({ ...io, stdout: io.stderr }, issued.token, false);
      }
      return exitCodes.ok;
    });
  },
});

/** `tenon tokens revoke`. */
export const tokensRevokeCommand = thingCommand({
  name: 'tokens revoke',
  summary: 'Revoke a token, at once',
  of: 'token',
  done: 'Revoked.',
  work: ({ commands, context }, id) => commands.tokens.revoke(context, { tokenId: id as TokenId }),
});
