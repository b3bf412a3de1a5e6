import type { ArchiveRow, EntityName } from '@tenon/core';

type Plain = Readonly<Record<string, unknown>>;

/** How an entity's rows differ here from the fields of the catalogue. */
interface Shape {
  toFields(row: Plain): Plain;
  fromFields(fields: Plain): Plain;
}

interface StoredMessage {
  readonly at: Date | string;
}

const COUNTS = ['total', 'processed', 'succeeded', 'failed', 'skipped'] as const;

const installations: Shape = {
  toFields: (row) => ({
    ...row,
    connectionIds: [...new Set(Object.values(row['connections'] as Record<string, string>))],
    messages: (row['messages'] as readonly StoredMessage[]).map((message) => ({
      ...message,
      at: (message.at as Date).toISOString(),
    })),
  }),
  fromFields: ({ connectionIds: _ids, ...rest }) => ({
    ...rest,
    messages: (rest['messages'] as readonly StoredMessage[]).map((message) => ({
      ...message,
      at: new Date(message.at),
    })),
  }),
};

const runs: Shape = {
  toFields: ({ progress, ...rest }) => ({ ...rest, ...(progress as object) }),
  fromFields: (fields) => {
    const rest = Object.entries(fields).filter(([name]) => !COUNTS.some((count) => count === name));
    const progress = Object.fromEntries(COUNTS.map((count) => [count, fields[count]]));
    return { ...Object.fromEntries(rest), progress };
  },
};

const credentials: Shape = {
  toFields: ({ refreshAttempt, ...rest }) => {
    const attempt = refreshAttempt as { readonly fence: number; readonly startedAt: Date } | null;
    return {
      ...rest,
      refreshFence: attempt?.fence ?? null,
      refreshStartedAt: attempt?.startedAt ?? null,
    };
  },
  fromFields: ({ refreshFence: fence, refreshStartedAt: startedAt, ...rest }) => ({
    ...rest,
    refreshAttempt: fence === null ? null : { fence, startedAt },
  }),
};

const audit: Shape = {
  toFields: ({ actor, subject, ...rest }) => {
    const { kind, userId } = actor as { readonly kind: string; readonly userId: string | null };
    const { type, id } = subject as { readonly type: string; readonly id: string };
    return { ...rest, actorKind: kind, actorUserId: userId, subjectType: type, subjectId: id };
  },
  fromFields: ({
    actorKind: kind,
    actorUserId: userId,
    subjectType: type,
    subjectId,
    ...rest
  }) => ({
    ...rest,
    actor: { kind, userId },
    subject: { type, id: subjectId },
  }),
};

const SHAPES: Readonly<Partial<Record<EntityName, Shape>>> = {
  installations,
  runs,
  credentials,
  audit,
};

/** The fields of the catalogue from a row of this database; secrets are as they are kept. */
export function fieldsOf(entity: EntityName, row: object): ArchiveRow {
  return (SHAPES[entity]?.toFields(row as Plain) ?? row) as ArchiveRow;
}

/** A row of this database from the fields of the catalogue. */
export function rowOf(entity: EntityName, fields: Plain): object {
  return SHAPES[entity]?.fromFields(fields) ?? fields;
}
