import { auditAnchor, parseAuditAnchor } from '@tenon/core';
import type {
  AuditEntry,
  AuditFilter,
  AuditVerification,
  Page,
  PageRequest,
  UserId,
  VerifyAuditInput,
} from '@tenon/core';
import { withApp } from '../app/with-app.js';
import { UsageError } from '../cli.errors.js';
import { defineCommand } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { momentFlag, switchFlag, textFlag } from '../flags.js';
import type { Io } from '../io.js';
import { pageFlags, pageRequest, timeCell, writeJson, writePage } from '../operate/paging.js';
import type { Column } from '../operate/paging.js';
import { tenantFlags, withTenant } from '../operate/with-tenant.js';

/** A trail, opened. */
interface OpenTrail {
  list(input: PageRequest & AuditFilter): Promise<Page<AuditEntry>>;
  verify(input: VerifyAuditInput, signal: AbortSignal): Promise<AuditVerification>;
}

const trailFlags = {
  ...tenantFlags,
  'app-trail': switchFlag("The app's own trail instead: keys, deleted tenants"),
};

function withTrail<T>(
  io: Io,
  flags: {
    readonly app: string | null;
    readonly tenant: string | null;
    readonly 'app-trail': boolean;
  },
  work: (trail: OpenTrail) => Promise<T>,
): Promise<T> {
  if (!flags['app-trail']) {
    return withTenant(io, flags, ({ commands: { audit }, context }) =>
      work({
        list: (input) => audit.list(context, input),
        verify: (input, signal) => audit.verify({ ...context, signal }, input),
      }),
    );
  }
  if (flags.tenant !== null) throw new UsageError('--tenant and --app-trail exclude each other');
  return withApp(io, flags.app, ({ commands: { audit }, context }) =>
    work({
      list: (input) => audit.listApp(context, input),
      verify: (input, signal) => audit.verifyApp({ ...context, signal }, input),
    }),
  );
}

function actorCell({ actor }: AuditEntry): string {
  return actor.userId === null ? actor.kind : `${actor.kind} ${actor.userId}`;
}

function detailsCell({ details }: AuditEntry): string {
  return Object.keys(details).length === 0 ? '' : JSON.stringify(details);
}

const columns: readonly Column<AuditEntry>[] = [
  ['NO', ({ sequence }) => String(sequence)],
  ['AT', ({ createdAt }) => timeCell(createdAt)],
  ['ACTION', ({ action }) => action],
  ['SUBJECT', ({ subject }) => `${subject.type} ${subject.id}`],
  ['BY', actorCell],
  ['DETAILS', detailsCell],
];

function subjectFilter(subject: string | null): AuditFilter {
  const [, subjectType = '', subjectId] = /^([^/]+)(?:\/(.+))?$/.exec(subject ?? '') ?? [];
  return {
    ...(subjectType !== '' && { subjectType }),
    ...(subjectId !== undefined && { subjectId }),
  };
}

/** `tenon audit list`. */
export const auditListCommand = defineCommand({
  name: 'audit list',
  summary: 'List who did what, newest first',
  flags: {
    action: textFlag('NAME', 'Of this action alone: connection.deleted'),
    subject: textFlag('TYPE[/ID]', 'About such things alone, or about this one'),
    user: textFlag('ID', 'Of what this user did alone'),
    from: momentFlag('From this moment on'),
    to: momentFlag('Before this moment'),
    ...pageFlags,
    ...trailFlags,
  },
  run: (flags, io) =>
    withTrail(io, flags, async (trail) => {
      const { action, subject, user, from, to, json } = flags;
      const page = await trail.list({
        ...pageRequest(flags),
        ...subjectFilter(subject),
        ...(action !== null && { action }),
        ...(user !== null && { actorUserId: user as UserId }),
        ...(from !== null && { from }),
        ...(to !== null && { to }),
      });
      writePage(io, page, { json, what: 'audit entries', columns });
      return exitCodes.ok;
    }),
});

const REASONS: Readonly<Record<NonNullable<AuditVerification['broken']>['reason'], string>> = {
  missing: 'is not there',
  changed: 'was changed',
  unlinked: 'does not follow the one before it',
  head_mismatch: 'is not the end that the database remembers',
  anchor_mismatch: 'is not the one that the anchor was taken from',
};

function verificationText({ checked, head, broken }: AuditVerification): string {
  const anchor = head ? `Anchor: ${auditAnchor(head)}\n` : '';
  if (broken) {
    return `BROKEN: entry ${broken.sequence} ${REASONS[broken.reason]}. ${checked} before it are right.\n${anchor}`;
  }
  const empty = checked === 0 ? 'The trail is empty.\n' : '';
  return `${empty || `The trail is whole: ${checked} entries.\n`}${anchor}`;
}

/** `tenon audit verify`. Fails when the trail is broken. */
export const auditVerifyCommand = defineCommand({
  name: 'audit verify',
  summary: 'Recompute the audit trail, and find what was changed or removed',
  flags: {
    anchor: textFlag('ANCHOR', 'What an earlier verification showed: the trail must contain it'),
    ...trailFlags,
  },
  run: (flags, io) => {
    const anchor = flags.anchor === null ? undefined : parseAuditAnchor(flags.anchor);
    return withTrail(io, flags, async (trail) => {
      const stop = new AbortController();
      const release = io.onStopRequest(() => {
        stop.abort();
      });
      try {
        let told = 0;
        const onProgress = (checked: number): void => {
          if (checked - told < 50_000) return;
          told = checked;
          io.stderr.write(`${checked} entries are right so far\n`);
        };
        const found = await trail.verify({ anchor, onProgress }, stop.signal);
        const { head } = found;
        if (flags.json) writeJson(io, { ...found, anchor: head && auditAnchor(head) });
        else io.stdout.write(verificationText(found));
        return found.ok ? exitCodes.ok : exitCodes.failed;
      } finally {
        release();
      }
    });
  },
});
