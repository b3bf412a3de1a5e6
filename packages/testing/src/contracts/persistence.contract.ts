import type { Encryptor } from '@tenon/core';
import { testEncryptor } from '../platform/test-encryptor.js';
import { associationContract, associationObjectContract } from './association.contract.js';
import { archiveContract } from './archive.contract.js';
import { auditContract } from './audit.contract.js';
import { authorizationSessionContract } from './authorization-session.contract.js';
import { connectionContract } from './connection.contract.js';
import { credentialContract } from './credential.contract.js';
import { deadLetterContract } from './dead-letter.contract.js';
import { deletionContract } from './deletion.contract.js';
import { holdContract, holdRaceContract } from './hold.contract.js';
import { fileContract } from './file.contract.js';
import { inboxContract } from './inbox.contract.js';
import { installationDeletionContract } from './installation-deletion.contract.js';
import { installationContract } from './installation.contract.js';
import { keyRotationContract } from './key-rotation.contract.js';
import { leaseContract } from './lease.contract.js';
import { mappingContract } from './mapping.contract.js';
import { membershipContract } from './membership.contract.js';
import { outboxContract } from './outbox.contract.js';
import { pagingContract } from './paging.contract.js';
import type { PersistenceSuite, PersistenceUnderTest } from './persistence-suite.js';
import { recordContract, rowCountContract, tombstoneContract } from './record.contract.js';
import { runAdvanceContract, runContract } from './run.contract.js';
import { reencryptContract, secretCountsContract } from './secret-fields.contract.js';
import { scheduleClaimContract, scheduleContract } from './schedule.contract.js';
import { secretsContract } from './secrets.contract.js';
import { stateContract } from './state.contract.js';
import { describeContract } from './suite.js';
import type { Skips } from './suite.js';
import { syncContract } from './sync.contract.js';
import { tenancyContract } from './tenancy.contract.js';
import { tenantDataContract } from './tenant-data.contract.js';
import { tenantContract } from './tenant.contract.js';
import { tokenContract } from './token.contract.js';
import { isolationContract, transactionContract } from './transaction.contract.js';
import { usageCounterContract } from './usage-counter.contract.js';
import { userContract } from './user.contract.js';
import { valuesContract } from './values.contract.js';
import { websocketConnectionContract } from './websocket-connection.contract.js';
import { webhookDeliveryContract, webhookEndpointContract } from './webhook.contract.js';

/** Options of {@link persistenceContract}. */
export interface PersistenceContractOptions {
  /** Makes the persistence, which encrypts with the encryptor it is given. Called once. */
  readonly make: (encryptor: Encryptor) => Promise<PersistenceUnderTest>;
  /**
   * False for a deployment that has no transactions: what only they can promise is no part of its contract, and it must say the same
   * in its capabilities. Default: true.
   */
  readonly transactions?: boolean;
  /** Tests to leave out, by name, each with the reason. */
  readonly skip?: Skips;
  /** Tests that fail because of what the persistence under test stands on, with the reason. They must fail: a gap that closed is told. */
  readonly gaps?: Skips;
}

/** Runs last: it closes what the others use. */
const lifecycleContract =
  (transactions: boolean) =>
  ({ describe, it, expect }: PersistenceSuite) => {
    describe('lifecycle', () => {
      it('lifecycle: ping and prepare answer', async ({ persistence }) => {
        await persistence.prepare();
        await persistence.ping();
        expect(typeof persistence.capabilities.durable).toBe('boolean');
        expect(typeof persistence.capabilities.shared).toBe('boolean');
        expect(persistence.capabilities.transactions).toBe(transactions);
      });

      it('lifecycle: close is idempotent, and then nothing answers', async ({ reopen }) => {
        if (!reopen) return;
        const other = await reopen(testEncryptor());
        await other.ping();
        await other.close();
        await other.close();
        await expect(other.ping()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      });
    });
  };

/**
 * The contract of `Persistence` and its repositories. Every test has a tenant of its own, so that suites may share a
 * database.
 *
 * @example
 * persistenceContract('memory', {
 *   make: async (encryptor) => {
 *     const persistence = createMemoryPersistence({ encryptor });
 *     return { persistence, close: () => persistence.close() };
 *   },
 * });
 */
export function persistenceContract(name: string, options: PersistenceContractOptions): void {
  const { make, transactions = true, skip, gaps } = options;
  describeContract(`Persistence: ${name}`, { make: () => make(testEncryptor()), skip, gaps }, [
    tenantContract,
    userContract,
    membershipContract,
    tokenContract,
    connectionContract,
    credentialContract,
    authorizationSessionContract,
    installationContract,
    installationDeletionContract,
    mappingContract,
    syncContract,
    recordContract,
    tombstoneContract,
    rowCountContract,
    associationContract,
    associationObjectContract,
    scheduleContract,
    scheduleClaimContract,
    runContract,
    runAdvanceContract,
    inboxContract,
    outboxContract,
    deadLetterContract,
    leaseContract,
    keyRotationContract,
    webhookEndpointContract,
    webhookDeliveryContract,
    stateContract,
    usageCounterContract,
    websocketConnectionContract,
    fileContract,
    auditContract,
    transactionContract,
    isolationContract,
    secretsContract,
    secretCountsContract,
    reencryptContract,
    tenancyContract,
    tenantDataContract,
    deletionContract,
    holdContract,
    ...(transactions ? [holdRaceContract] : []),
    pagingContract,
    valuesContract,
    archiveContract,
    lifecycleContract(transactions),
  ]);
}
