import type { Registry } from '../app/registry.js';
import type { ApiKeyAuth, BasicAuth } from '../connector/auth.js';
import { mayAccess, requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import { secret } from '../platform/secret.js';
import type { AuthorizationSession } from './authorization-session.js';
import { connectForm } from './connect-form.js';
import type { ConnectFormParts } from './connect-form.js';
import { authorizationInvalid, formStepConflict } from './connection.errors.js';
import type { Connection } from './connection.js';
import { readForm } from './form-fields.js';
import { fieldsOfStep, formStep } from './form-step.js';
import type { SubmitConnectionStepInput, SubmittedStep } from './form-step.js';

/**
 * Takes one step of a form. After the last one the credential is tried by the identity call, and kept if it is good; if not, the last
 * step may be sent again. Throws `AUTHORIZATION_INVALID` (the same for unknown, used, expired and foreign forms),
 * `FORM_STEP_CONFLICT`, `VALIDATION_FAILED`, `CREDENTIAL_REJECTED`, `CONNECTION_ACCOUNT_MISMATCH`, `PROVIDER_…`.
 */
export class SubmitConnectionStep {
  constructor(
    private readonly parts: Omit<ConnectFormParts, 'persistence'> & {
      readonly persistence: ConnectFormParts['persistence'] &
        Pick<Repositories, 'authorizationSessions'>;
      readonly registry: Registry;
      readonly crypto: Crypto;
    },
  ) {}

  async execute(context: Context, input: SubmitConnectionStepInput): Promise<SubmittedStep> {
    requireScope(context, 'connections:write');
    const { registry, persistence, clock, crypto } = this.parts;
    const stateHash = crypto.sha256(input.form);
    const session = await persistence.authorizationSessions.findOpen(stateHash, clock.now());
    if (session?.tenantId !== context.tenantId || !mayAccess(context, session.userId)) {
      throw authorizationInvalid();
    }
    const { auth } = registry.connector(session.connector);
    if (auth.type === 'oauth2') throw authorizationInvalid();
    const { step, totalSteps } = session;
    if (input.step !== step) throw formStepConflict(step, totalSteps);
    const { fields } = readForm(auth, input.fields, fieldsOfStep(auth, step)).material;
    const filled = { ...(session.stepData?.reveal() as Record<string, string>), ...fields };
    if (step === totalSteps) {
      return { done: true, connection: await this.#connect(context, session, { auth, filled }) };
    }
    const change = { step, stepData: secret(filled), now: clock.now() };
    const next = await persistence.authorizationSessions.advance(stateHash, change);
    if (!next) throw formStepConflict(step + 1, totalSteps);
    return { done: false, next: formStep(auth, input.form, next) };
  }

  #connect(
    context: Context,
    session: AuthorizationSession,
    form: {
      readonly auth: ApiKeyAuth | BasicAuth;
      readonly filled: Readonly<Record<string, string>>;
    },
  ): Promise<Connection> {
    const { persistence, registry, clock } = this.parts;
    const { userId, name, connectionId, stateHash } = session;
    return connectForm(this.parts, context, {
      connector: registry.connector(session.connector),
      form: readForm(form.auth, form.filled),
      existing: connectionId === null ? null : { id: connectionId },
      ...{ userId, name },
      claim: async () => {
        const own = await persistence.authorizationSessions.consume(stateHash, clock.now());
        if (!own) throw authorizationInvalid();
      },
    });
  }
}
