import type { Command } from '../command.js';
import { buildCommand } from './build.command.js';
import {
  addActionCommand,
  addConnectorCommand,
  addIntegrationCommand,
  addJobCommand,
  addScheduleCommand,
  addWebhookCommand,
  addWorkerCommand,
} from './add.command.js';
import {
  connectionsListCommand,
  connectionsShowCommand,
  connectionsTestCommand,
  connectionsDeleteCommand,
} from './connections.command.js';
import {
  deadLettersListCommand,
  deadLettersShowCommand,
  deadLettersRedriveCommand,
  deadLettersDiscardCommand,
} from './dead-letters.command.js';
import {
  installationsListCommand,
  installationsShowCommand,
  installationsEnableCommand,
  installationsDisableCommand,
} from './installations.command.js';
import { runCommand } from './run.command.js';
import {
  jobsDiscardCommand,
  jobsEnqueueCommand,
  jobsListCommand,
  jobsRetryCommand,
  jobsShowCommand,
} from './jobs.command.js';
import {
  runsListCommand,
  runsShowCommand,
  runsCancelCommand,
  runsResumeCommand,
} from './runs.command.js';
import {
  schedulesDeleteCommand,
  schedulesDisableCommand,
  schedulesEnableCommand,
  schedulesListCommand,
  schedulesShowCommand,
} from './schedules.command.js';
import { tokensIssueCommand, tokensListCommand, tokensRevokeCommand } from './tokens.command.js';
import {
  usersCreateCommand,
  usersDeleteCommand,
  usersListCommand,
  usersShowCommand,
} from './users.command.js';
import { auditListCommand, auditVerifyCommand } from './audit.command.js';
import { connectCommand } from './connect.command.js';
import { createCommand } from './create.command.js';
import { dataCopyCommand } from './data-copy.command.js';
import { dataExportCommand } from './data-export.command.js';
import { dataImportCommand, dataVerifyCommand } from './data-import.command.js';
import { deployCommand } from './deploy.command.js';
import { devCommand } from './dev.command.js';
import { doctorCommand } from './doctor.command.js';
import { keysGenerateCommand } from './keys-generate.command.js';
import { keysRetireCommand, keysRotateCommand, keysStatusCommand } from './keys.command.js';
import { migrateDeployCommand } from './migrate-deploy.command.js';
import { migrateResetCommand } from './migrate-reset.command.js';
import { migrateStatusCommand } from './migrate-status.command.js';
import { startCommand } from './start.command.js';
import { tenantsDeleteCommand } from './tenants-delete.command.js';
import { synthCommand } from './synth.command.js';
import {
  tenantsActivateCommand,
  tenantsCreateCommand,
  tenantsListCommand,
  tenantsSuspendCommand,
} from './tenants.command.js';

/** Every command, in the order of help. */
export const commands: readonly Command[] = [
  createCommand,
  addConnectorCommand,
  addIntegrationCommand,
  addWorkerCommand,
  addJobCommand,
  addWebhookCommand,
  addScheduleCommand,
  addActionCommand,
  devCommand,
  connectCommand,
  runCommand,
  startCommand,
  buildCommand,
  synthCommand,
  deployCommand,
  migrateStatusCommand,
  migrateDeployCommand,
  migrateResetCommand,
  doctorCommand,
  keysGenerateCommand,
  keysStatusCommand,
  keysRotateCommand,
  keysRetireCommand,
  dataExportCommand,
  dataVerifyCommand,
  dataImportCommand,
  dataCopyCommand,
  tenantsListCommand,
  tenantsCreateCommand,
  tenantsSuspendCommand,
  tenantsActivateCommand,
  tenantsDeleteCommand,
  usersListCommand,
  usersShowCommand,
  usersCreateCommand,
  usersDeleteCommand,
  tokensListCommand,
  tokensIssueCommand,
  tokensRevokeCommand,
  connectionsListCommand,
  connectionsShowCommand,
  connectionsTestCommand,
  connectionsDeleteCommand,
  installationsListCommand,
  installationsShowCommand,
  installationsEnableCommand,
  installationsDisableCommand,
  jobsListCommand,
  jobsShowCommand,
  jobsEnqueueCommand,
  jobsRetryCommand,
  jobsDiscardCommand,
  runsListCommand,
  runsShowCommand,
  runsCancelCommand,
  runsResumeCommand,
  deadLettersListCommand,
  deadLettersShowCommand,
  deadLettersRedriveCommand,
  deadLettersDiscardCommand,
  schedulesListCommand,
  schedulesShowCommand,
  schedulesEnableCommand,
  schedulesDisableCommand,
  schedulesDeleteCommand,
  auditListCommand,
  auditVerifyCommand,
];
