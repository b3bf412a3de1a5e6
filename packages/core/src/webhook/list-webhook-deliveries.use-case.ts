import type { InstallationId } from '../installation/installation.js';
import { visibleInstallation } from '../installation/visible-installation.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery } from '../platform/page.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { WebhookDelivery, WebhookDeliveryStatus } from './webhook-endpoint.js';

/** Lists the webhook deliveries of an installation without their bodies, newest first. Throws `INSTALLATION_NOT_FOUND`. */
export class ListWebhookDeliveries {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'installations' | 'webhookDeliveries'>;
    },
  ) {}

  async execute(
    context: Context,
    input: PageRequest & {
      readonly installationId: InstallationId;
      readonly status?: WebhookDeliveryStatus | undefined;
    },
  ): Promise<Page<Omit<WebhookDelivery, 'body'>>> {
    requireScope(context, 'installations:read');
    const { persistence } = this.parts;
    const { installationId, status } = input;
    const query = toPageQuery(input);
    await visibleInstallation(persistence, context, installationId);
    const filter = { installationId, ...(status !== undefined && { status }) };
    const page = await persistence.webhookDeliveries.list(context.tenantId, filter, query);
    return { ...page, items: page.items.map(({ body: _body, ...rest }) => rest) };
  }
}
