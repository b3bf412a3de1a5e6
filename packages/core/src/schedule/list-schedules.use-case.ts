import type { InstallationId } from '../installation/installation.js';
import { visibleInstallation } from '../installation/visible-installation.js';
import { ForbiddenError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery } from '../platform/page.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Schedule } from './schedule.js';

/** Lists the stored schedules of an installation, or of the tenant, newest first. Throws `FORBIDDEN`, `INSTALLATION_NOT_FOUND`, `VALIDATION_FAILED`. */
export class ListSchedules {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'installations' | 'schedules'>;
    },
  ) {}

  async execute(
    context: Context,
    input: PageRequest & {
      readonly installationId?: InstallationId | undefined;
      readonly enabled?: boolean | undefined;
    },
  ): Promise<Page<Schedule>> {
    requireScope(context, 'runs:read');
    const { installationId, enabled } = input;
    const { installations, schedules } = this.parts.persistence;
    if (installationId !== undefined) {
      await visibleInstallation({ installations }, context, installationId);
    } else if (context.visibility !== 'tenant') {
      throw new ForbiddenError('Name an installation: this caller does not see the whole tenant');
    }
    const filter = {
      ...(installationId !== undefined && { installationId }),
      ...(enabled !== undefined && { enabled }),
    };
    return schedules.list(context.tenantId, filter, toPageQuery(input));
  }
}
