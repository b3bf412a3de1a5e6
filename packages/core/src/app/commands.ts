import type {
  ConnectionFormStep,
  SubmitConnectionStepInput,
  SubmittedStep,
} from '../connection/form-step.js';
import type { Connection, ConnectionId, ConnectionState } from '../connection/connection.js';
import type { ConnectorView } from '../connector/connector-view.js';
import type { KeyStatus, RotateKeysInput } from '../key/key-commands.js';
import type { KeyRotation } from '../key/key-rotation.js';
import type { HealthReport } from '../health/health.js';
import type {
  InstallationPage,
  ListInstallationsInput,
} from '../installation/installation-page.js';
import type { Installation, InstallationId } from '../installation/installation.js';
import type { IntegrationView } from '../integration/integration-view.js';
import type { DeadLetter, DeadLetterId, DeadLetterReason } from '../job/dead-letter.js';
import type { AppContext, Context, Scope } from '../platform/context.js';
import type { JsonObject, JsonValue } from '../platform/json.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Run, RunId, RunState } from '../run/run.js';
import type { DeleteTenantInput, TenantDeletion } from '../tenant/tenant-deletion.js';
import type { Tenant, TenantId } from '../tenant/tenant.js';
import type { IssuedToken, TokenView } from '../token/issued-token.js';
import type { TokenId } from '../token/token.js';
import type { UserId } from '../user/user.js';
import type { UserView } from '../user/user-view.js';
import type { WebhookRequest } from '../connector/webhook-scheme.js';
import type {
  WebhookDelivery,
  WebhookDeliveryStatus,
  WebhookEndpointId,
} from '../webhook/webhook-endpoint.js';
import type { WebsocketCommands } from '../websocket/websocket-commands.js';
import type { AuditCommands } from './audit-commands.js';
import type { JobCommands } from './job-commands.js';
import type { MemberCommands } from './member-commands.js';
import type { ScheduleCommands } from './schedule-commands.js';
import type {
  AuthorizeInput,
  CompleteAuthorizationInput,
  CreateInstallationInput,
  CreateUserInput,
  StartedAuthorization,
  StartFormInput,
  SubmitConnectionInput,
} from './command-inputs.js';
import type { DataCommands } from './data-commands.js';

/**
 * Everything that Tenon can do, grouped by feature: the same use cases that HTTP and the command line call, for code inside
 * an app. Every command takes who asks and an input, and answers plain data. Errors are TenonErrors.
 */
export interface Commands {
  readonly tenants: {
    create(context: AppContext, input: { readonly name: string }): Promise<Tenant>;
    get(context: AppContext, input: { readonly tenantId: TenantId }): Promise<Tenant>;
    list(context: AppContext, input: PageRequest): Promise<Page<Tenant>>;
    setStatus(
      context: AppContext,
      input: { readonly tenantId: TenantId; readonly status: 'active' | 'suspended' },
    ): Promise<Tenant>;
    /** Shuts the tenant for good; maintenance deletes what it owns. Answers it as `deleting`. */
    requestDeletion(context: AppContext, input: { readonly tenantId: TenantId }): Promise<Tenant>;
    /**
     * Deletes the tenant with everything that is its, and waits for it. The context's signal stops it between two batches; called
     * again, it goes on. @throws TenonError `TENANT_DELETION_RUNNING`, `INSTALLATION_BUSY`.
     */
    delete(context: AppContext, input: DeleteTenantInput): Promise<TenantDeletion>;
    /** A context of the product's back end for one tenant. @throws when there is no such tenant. */
    contextOf(
      context: AppContext,
      input: { readonly tenantId: TenantId; readonly userId?: UserId },
    ): Promise<Context>;
  };
  readonly users: {
    create(context: Context, input: CreateUserInput): Promise<UserView>;
    get(context: Context, input: { readonly userId: UserId }): Promise<UserView>;
    list(
      context: Context,
      input: PageRequest & { readonly kind?: UserView['kind'] | undefined },
    ): Promise<Page<UserView>>;
    delete(context: Context, input: { readonly userId: UserId }): Promise<void>;
    setPassword(
      context: Context,
      input: { readonly userId: UserId; readonly password: string },
    ): Promise<void>;
    /** The same error and the same time for a wrong tenant, user name and password; pauses after five failures. */
    logIn(
      context: AppContext,
      input: {
        readonly tenantId: TenantId;
        readonly username: string;
        readonly password: string;
        readonly ttlMs?: number | undefined;
      },
    ): Promise<IssuedToken>;
  };
  /** Users in organisations. */
  readonly members: MemberCommands;
  readonly tokens: {
    issue(
      context: Context,
      input: {
        readonly userId?: UserId | undefined;
        readonly label: string;
        readonly scopes?: readonly Scope[] | undefined;
        /** Null: never expires. Default: 30 days. */
        readonly ttlMs?: number | null | undefined;
      },
    ): Promise<IssuedToken>;
    list(context: Context, input: PageRequest): Promise<Page<TokenView>>;
    revoke(context: Context, input: { readonly tokenId: TokenId }): Promise<void>;
    /** @throws UnauthenticatedError, the same for every kind of wrong token. */
    authenticate(context: AppContext, input: { readonly bearer: string }): Promise<Context>;
    /** Verifies the product's own back end by its key. @throws UnauthenticatedError. */
    authenticateApp(context: AppContext, input: { readonly key: string }): Promise<AppContext>;
    /** The back end acting for one of its users, by the product's own user id. @throws UnauthenticatedError, NotFoundError. */
    authenticateAppUser(
      context: AppContext,
      input: { readonly key: string; readonly appUserId: string },
    ): Promise<Context>;
  };
  readonly connectors: {
    list(context: Context, input: Record<string, never>): Promise<readonly ConnectorView[]>;
    get(context: Context, input: { readonly connector: string }): Promise<ConnectorView>;
  };
  readonly connections: {
    authorize(context: Context, input: AuthorizeInput): Promise<StartedAuthorization>;
    complete(
      context: AppContext,
      input: CompleteAuthorizationInput,
    ): Promise<{ readonly connection: Connection; readonly returnTo: string | null }>;
    submit(context: Context, input: SubmitConnectionInput): Promise<Connection>;
    /** Starts a form of several steps. */
    startForm(context: Context, input: StartFormInput): Promise<ConnectionFormStep>;
    /** Takes one step of it. @throws TenonError `FORM_STEP_CONFLICT`, `AUTHORIZATION_INVALID`. */
    submitStep(context: Context, input: SubmitConnectionStepInput): Promise<SubmittedStep>;
    test(
      context: Context,
      input: { readonly connectionId: ConnectionId },
    ): Promise<{
      readonly ok: boolean;
      readonly connection: Connection;
      readonly problem: Connection['problem'];
    }>;
    get(context: Context, input: { readonly connectionId: ConnectionId }): Promise<Connection>;
    list(
      context: Context,
      input: PageRequest & {
        readonly connector?: string | undefined;
        readonly state?: ConnectionState | undefined;
      },
    ): Promise<Page<Connection>>;
    rename(
      context: Context,
      input: { readonly connectionId: ConnectionId; readonly name: string },
    ): Promise<Connection>;
    /** Revokes at the provider where it can, then deletes. @throws TenonError `CONNECTION_IN_USE` while installations are bound to it. */
    delete(context: Context, input: { readonly connectionId: ConnectionId }): Promise<void>;
  };
  readonly integrations: {
    list(context: Context, input: Record<string, never>): Promise<readonly IntegrationView[]>;
    get(context: Context, input: { readonly integration: string }): Promise<IntegrationView>;
  };
  readonly installations: {
    create(context: Context, input: CreateInstallationInput): Promise<Installation>;
    get(
      context: Context,
      input: { readonly installationId: InstallationId },
    ): Promise<Installation>;
    /** With `include: ['connections']` also their connections, once each. */
    list(context: Context, input: ListInstallationsInput): Promise<InstallationPage>;
    update(
      context: Context,
      input: {
        readonly installationId: InstallationId;
        readonly name?: string | undefined;
        readonly config?: unknown;
      },
    ): Promise<Installation>;
    /** Parked jobs go on. */
    enable(
      context: Context,
      input: { readonly installationId: InstallationId },
    ): Promise<Installation>;
    disable(
      context: Context,
      input: { readonly installationId: InstallationId },
    ): Promise<Installation>;
    /** Idempotent; goes on where an interrupted deletion stopped. */
    delete(context: Context, input: { readonly installationId: InstallationId }): Promise<void>;
    /** @throws NotFoundError `ACTION_NOT_FOUND` for actions that are not declared. */
    runAction(
      context: Context,
      input: {
        readonly installationId: InstallationId;
        readonly action: string;
        readonly input?: unknown;
      },
    ): Promise<JsonValue>;
    /** Starts a run of a declared job. */
    startRun(
      context: Context,
      input: {
        readonly installationId: InstallationId;
        readonly job: string;
        readonly input?: unknown;
        readonly key?: string | undefined;
      },
    ): Promise<Run>;
  };
  readonly runs: {
    get(context: Context, input: { readonly runId: RunId }): Promise<Run>;
    list(
      context: Context,
      input: PageRequest & {
        readonly installationId?: InstallationId | undefined;
        readonly state?: RunState | undefined;
      },
    ): Promise<Page<Run>>;
    cancel(context: Context, input: { readonly runId: RunId }): Promise<Run>;
    /** Failed and cancelled runs go on where they stopped. @throws TenonError `RUN_NOT_RESUMABLE`. */
    resume(context: Context, input: { readonly runId: RunId }): Promise<Run>;
  };
  readonly deadLetters: {
    list(
      context: Context,
      input: PageRequest & {
        readonly installationId?: InstallationId | undefined;
        readonly runId?: RunId | undefined;
        readonly reason?: DeadLetterReason | undefined;
      },
    ): Promise<Page<DeadLetter>>;
    get(context: Context, input: { readonly deadLetterId: DeadLetterId }): Promise<DeadLetter>;
    redrive(context: Context, input: { readonly deadLetterId: DeadLetterId }): Promise<void>;
    discard(
      context: Context,
      input: { readonly deadLetterId: DeadLetterId; readonly reason: string },
    ): Promise<void>;
  };
  readonly webhooks: {
    /** Verifies, stores and queues a delivery. @throws NotFoundError, `WEBHOOK_SIGNATURE_INVALID`, `WEBHOOK_NOT_READY`. */
    receive(
      context: AppContext,
      input: WebhookRequest & { readonly endpointId: WebhookEndpointId },
    ): Promise<{ readonly status: 'accepted' | 'duplicate' }>;
    listDeliveries(
      context: Context,
      input: PageRequest & {
        readonly installationId: InstallationId;
        readonly status?: WebhookDeliveryStatus | undefined;
      },
    ): Promise<Page<Omit<WebhookDelivery, 'body'>>>;
  };
  readonly jobs: JobCommands;
  readonly schedules: ScheduleCommands;
  /** Connections of browsers, and messages to them. */
  readonly websockets: WebsocketCommands;
  readonly data: DataCommands;
  readonly maintenance: {
    /** Deletes what has expired (sessions, inbox keys) and goes on with interrupted deletions. */
    sweep(context: AppContext, input: Record<string, never>): Promise<JsonObject>;
  };
  /** What was done, by whom. */
  readonly audit: AuditCommands;
  /** Keys of encryption, for operators. */
  readonly keys: {
    /** Counts which key each stored secret needs; reads every table with secrets. */
    status(context: AppContext, input: Record<string, never>): Promise<KeyStatus>;
    /** Encrypts everything anew with the writing key. @throws TenonError `KEY_ROTATION_RUNNING`. */
    rotate(context: AppContext, input: RotateKeysInput): Promise<KeyRotation>;
    /** Says that a key may leave the ring. @throws TenonError `ENCRYPTION_KEY_IN_USE`. */
    retire(
      context: AppContext,
      input: { readonly keyId: string },
    ): Promise<{ readonly keyId: string }>;
  };
  readonly health: {
    ready(context: AppContext, input: Record<string, never>): Promise<HealthReport>;
    detailed(context: AppContext, input: Record<string, never>): Promise<HealthReport>;
  };
}
