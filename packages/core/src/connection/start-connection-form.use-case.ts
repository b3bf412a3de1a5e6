import type { StartFormInput } from '../app/command-inputs.js';
import type { Registry } from '../app/registry.js';
import { authSteps } from '../connector/auth.js';
import type { Clock } from '../platform/clock.port.js';
import { ForbiddenError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import { secret } from '../platform/secret.js';
import { AUTHORIZATION_TTL_MS } from './authorization-session.js';
import type { AuthorizationSession } from './authorization-session.js';
import { wrongAuthType } from './connection.errors.js';
import { connectionName } from './connection-name.js';
import { formStep } from './form-step.js';
import type { ConnectionFormStep } from './form-step.js';
import { visibleConnection } from './visible-connection.js';

/** 256 bits. */
const TOKEN_BYTES = 32;

/**
 * Starts a form that is filled in step by step, within ten minutes, by the user who starts it. Throws `CONNECTOR_NOT_FOUND`,
 * `WRONG_AUTH_TYPE`, `CONNECTION_NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`.
 */
export class StartConnectionForm {
  constructor(
    private readonly parts: {
      readonly registry: Registry;
      readonly persistence: Pick<Repositories, 'connections' | 'authorizationSessions'>;
      readonly clock: Clock;
      readonly crypto: Crypto;
      readonly ids: IdGenerator;
    },
  ) {}

  async execute(context: Context, input: StartFormInput): Promise<ConnectionFormStep> {
    requireScope(context, 'connections:write');
    const { registry, persistence, clock, crypto, ids } = this.parts;
    const { auth, name: connector } = registry.connector(input.connector);
    if (auth.type === 'oauth2') {
      throw wrongAuthType(
        connector,
        `'${connector}' is connected by OAuth; start an authorization`,
      );
    }
    const name = input.name === undefined ? null : connectionName(input.name);
    const existing =
      input.connectionId === undefined
        ? null
        : await visibleConnection(persistence, context, input.connectionId);
    const userId = existing?.userId ?? context.userId;
    if (!userId) throw new ForbiddenError('A connection belongs to a user; ask as one');
    const form = crypto.randomToken(TOKEN_BYTES);
    const now = clock.now();
    const session: AuthorizationSession = {
      ...{ id: ids.next(), tenantId: context.tenantId, userId, connector, name },
      connectionId: existing?.id ?? null,
      stateHash: crypto.sha256(form),
      ...{ browserHash: '', codeVerifier: secret(''), redirectUri: '', returnTo: null },
      ...{ step: 1, totalSteps: authSteps(auth).length, stepData: null },
      expiresAt: new Date(now.getTime() + AUTHORIZATION_TTL_MS),
      ...{ usedAt: null, createdAt: now },
    };
    await persistence.authorizationSessions.insert(session);
    return formStep(auth, form, session);
  }
}
