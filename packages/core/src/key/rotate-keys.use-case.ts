import type { AppContext } from '../platform/context.js';
import { InputCheck } from '../platform/input-check.js';
import { keepLease } from '../platform/keep-lease.js';
import type { Platform } from '../platform/platform.port.js';
import { TenonError } from '../platform/tenon.error.js';
import type { KeyParts, RotateKeysInput } from './key-commands.js';
import type { KeyRotation } from './key-rotation.js';
import { secretFieldNames } from './secret-field.js';

const LEASE_KEY = 'keys:rotate';
const LEASE_MS = 60_000;
const DEFAULT_BATCH = 500;
const MAX_BATCH = 10_000;

function rotationRunning(): TenonError {
  return new TenonError({
    code: 'KEY_ROTATION_RUNNING',
    category: 'conflict',
    retryable: true,
    retryAfterMs: LEASE_MS,
    message: 'Another process rotates the keys; wait for it, or a minute after it died',
  });
}

type Position = NonNullable<KeyRotation['position']>;

function positionAfter(position: Position, next: string | null): Position | null {
  if (next !== null) return { ...position, after: next };
  const index = secretFieldNames.findIndex(
    ({ entity, field }) => entity === position.entity && field === position.field,
  );
  const following = secretFieldNames[index + 1];
  return following ? { ...following, after: null } : null;
}

/**
 * Encrypts everything that is stored anew with the writing key, in batches, while the app works on. Progress is stored after every
 * batch: a rotation that was stopped goes on where it was, and one that was finished begins again, for what was written since.
 */
export class RotateKeys {
  constructor(
    private readonly parts: KeyParts & { readonly platform: Pick<Platform, 'clock' | 'crypto'> },
  ) {}

  /**
   * Answers how far it came; `finishedAt` is null when the context's signal stopped it.
   * @throws ValidationError for the input, TenonError `KEY_ROTATION_RUNNING`, and what the encryptor throws when it has no key service.
   */
  async execute(context: AppContext, input: RotateKeysInput): Promise<KeyRotation> {
    const { batch = DEFAULT_BATCH, maxPerSecond = Infinity } = input;
    const check = new InputCheck('The rotation');
    const whole = Number.isInteger(batch) && batch >= 1 && batch <= MAX_BATCH;
    check.expect(whole, 'batch', `a whole number from 1 to ${MAX_BATCH}`);
    check.expect(maxPerSecond > 0, 'maxPerSecond', 'a number above 0');
    check.done();
    const { leases } = this.parts.persistence;
    const { clock, crypto } = this.parts.platform;
    const owner = crypto.randomToken(16);
    const wish = { key: LEASE_KEY, owner, ttlMs: LEASE_MS, now: clock.now() };
    const lease = await leases.acquire(wish);
    if (!lease) throw rotationRunning();
    const kept = keepLease(lease, LEASE_MS, { leases, clock, logger: context.logger });
    try {
      return await this.#run(context, { ...input, batch, maxPerSecond });
    } finally {
      await kept.release();
    }
  }

  async #run(
    context: AppContext,
    input: RotateKeysInput & { readonly batch: number; readonly maxPerSecond: number },
  ): Promise<KeyRotation> {
    const { keyRotations } = this.parts.persistence;
    const { clock } = this.parts.platform;
    let rotation = await this.#begin();
    while (rotation.position !== null && !context.signal?.aborted) {
      const began = clock.monotonicMs();
      const before = rotation.scanned;
      rotation = await this.#step(
        context,
        { ...rotation, position: rotation.position },
        input.batch,
      );
      await keyRotations.save(rotation);
      input.onProgress?.(rotation);
      const dueMs = ((rotation.scanned - before) / input.maxPerSecond) * 1_000;
      const restMs = began + dueMs - clock.monotonicMs();
      if (restMs > 0 && rotation.position !== null) await clock.sleep(restMs);
    }
    const { keyId, scanned, rewritten, unreadable, finishedAt } = rotation;
    const message = finishedAt
      ? 'Keys were rotated'
      : 'A rotation of keys was stopped; it can go on';
    context.logger.info(message, { keyId, scanned, rewritten, unreadable });
    return rotation;
  }

  async #begin(): Promise<KeyRotation> {
    const keyId = this.parts.encryptor.writingKeyId;
    const known = await this.parts.persistence.keyRotations.find(keyId);
    if (known && known.position !== null && known.finishedAt === null) return known;
    const [first] = secretFieldNames;
    const at = this.parts.platform.clock.now();
    return {
      keyId,
      position: first ? { ...first, after: null } : null,
      ...{ scanned: 0, rewritten: 0, unreadable: 0 },
      ...{ startedAt: at, updatedAt: at, finishedAt: null },
    };
  }

  async #step(
    context: AppContext,
    rotation: KeyRotation & { readonly position: Position },
    limit: number,
  ): Promise<KeyRotation> {
    const { secretFields } = this.parts.persistence;
    const { position } = rotation;
    const batch = await secretFields.reencrypt({ ...position, limit, keyId: rotation.keyId });
    for (const { id, code } of batch.unreadable) {
      const { entity, field } = position;
      context.logger.error('A stored secret cannot be read and stays as it is', {
        ...{ entity, field, id, code },
      });
    }
    const next = positionAfter(position, batch.next);
    const at = this.parts.platform.clock.now();
    return {
      ...rotation,
      position: next,
      scanned: rotation.scanned + batch.scanned,
      rewritten: rotation.rewritten + batch.rewritten,
      unreadable: rotation.unreadable + batch.unreadable.length,
      updatedAt: at,
      finishedAt: next === null ? at : null,
    };
  }
}
