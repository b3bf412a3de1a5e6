import type { DeadLetter, DeadLetterId, InstallationId, RunId } from '@tenon/core';
import { UsageError } from '../cli.errors.js';
import { defineCommand } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { choiceFlag, switchFlag, textFlag, wholeFlag } from '../flags.js';
import { timeCell, writeJson } from '../operate/paging.js';
import { redriveAll } from '../operate/redrive-all.js';
import { listCommand, thingCommand } from '../operate/tenant-commands.js';
import { tenantFlags, withTenant } from '../operate/with-tenant.js';
import { optionalWord, word } from '../words.js';

const reasons = ['failed', 'cancelled', 'installation_disabled', 'needs_reauthorization'] as const;
const filters = {
  installation: textFlag('ID', 'Of this installation alone'),
  run: textFlag('ID', 'Of this run alone'),
  reason: choiceFlag(reasons, 'For this reason alone'),
};
const DEFAULT_RATE = 10;

function filterOf(flags: {
  readonly installation: string | null;
  readonly run: string | null;
  readonly reason: (typeof reasons)[number] | null;
}) {
  return {
    ...(flags.installation !== null && { installationId: flags.installation as InstallationId }),
    ...(flags.run !== null && { runId: flags.run as RunId }),
    ...(flags.reason !== null && { reason: flags.reason }),
  };
}

/** `tenon dead-letters list`. */
export const deadLettersListCommand = listCommand<DeadLetter, typeof filters>({
  name: 'dead-letters list',
  what: 'dead letters',
  flags: filters,
  columns: [
    ['ID', ({ id }) => id],
    ['REASON', ({ reason }) => reason],
    ['JOB', ({ message }) => message.job],
    ['ATTEMPTS', ({ attempts }) => String(attempts)],
    ['CREATED', ({ createdAt }) => timeCell(createdAt)],
    ['ERROR', ({ error }) => `${error.code}: ${error.message}`],
  ],
  list: ({ commands, context }, page, flags) =>
    commands.deadLetters.list(context, { ...page, ...filterOf(flags) }),
});

/** `tenon dead-letters show`. */
export const deadLettersShowCommand = thingCommand({
  name: 'dead-letters show',
  summary: 'Show a dead letter with its input and error',
  of: 'dead letter',
  work: ({ commands, context }, id) =>
    commands.deadLetters.get(context, { deadLetterId: id as DeadLetterId }),
});

/** `tenon dead-letters redrive`. */
export const deadLettersRedriveCommand = defineCommand({
  name: 'dead-letters redrive',
  summary: 'Try a dead letter again, or all of them at a bounded rate',
  words: { id: optionalWord('ID', 'the id of the dead letter') },
  flags: {
    all: switchFlag('All that there are now, oldest last'),
    rate: wholeFlag('N', `With --all: how many in a second (default: ${DEFAULT_RATE})`, {
      min: 1,
      max: 1000,
    }),
    ...filters,
    ...tenantFlags,
  },
  run: async (flags, io) => {
    const { id, all, rate, json } = flags;
    if ((id === null) !== all)
      throw new UsageError('Name one dead letter by its ID, or all with --all');
    if (id !== null && (rate !== null || Object.keys(filterOf(flags)).length > 0)) {
      throw new UsageError('--rate, --installation, --run and --reason belong to --all');
    }
    return withTenant(io, flags, async (tenant) => {
      const { commands, context } = tenant;
      if (id !== null) {
        await commands.deadLetters.redrive(context, { deadLetterId: id as DeadLetterId });
        if (json) writeJson(io, { redriven: 1, failed: 0, stopped: false });
        else io.stdout.write('Redriven.\n');
        return exitCodes.ok;
      }
      const outcome = await redriveAll(io, tenant, {
        filter: filterOf(flags),
        perSecond: rate ?? DEFAULT_RATE,
      });
      if (json) writeJson(io, outcome);
      else io.stdout.write(`Redriven: ${outcome.redriven}; failed: ${outcome.failed}.\n`);
      return outcome.failed > 0 || outcome.stopped ? exitCodes.failed : exitCodes.ok;
    });
  },
});

/** `tenon dead-letters discard`. */
export const deadLettersDiscardCommand = defineCommand({
  name: 'dead-letters discard',
  summary: 'Give a dead letter up',
  words: { id: word('ID', 'the id of the dead letter') },
  flags: { reason: textFlag('TEXT', 'Why; kept in the log. Needed'), ...tenantFlags },
  run: async (flags, io) => {
    const { id, reason, json } = flags;
    if (reason === null) throw new UsageError('--reason is missing: say why it is given up');
    return withTenant(io, flags, async ({ commands, context }) => {
      await commands.deadLetters.discard(context, { deadLetterId: id as DeadLetterId, reason });
      if (json) writeJson(io, { id });
      else io.stdout.write('Discarded.\n');
      return exitCodes.ok;
    });
  },
});
