import type { ConnectionSlots, WebhooksHandle } from '../integration/integration-context.js';
import type { Integration } from '../integration/integration.js';
import type { Installation } from '../installation/installation.js';
import type { Effects } from '../job/effects.js';
import type { JobParts } from '../job/job-parts.js';
import { ValidationError } from '../platform/common.errors.js';
import { nearestName } from '../platform/options.js';
import { secret } from '../platform/secret.js';
import type { WebhookEndpoint } from './webhook-endpoint.js';

type Parts = Pick<JobParts, 'persistence' | 'platform' | 'webhookUrl'>;

function refuse(slot: string, message: string): never {
  throw new ValidationError(`The webhook of slot '${slot.slice(0, 100)}'`, [
    { path: 'slot', message },
  ]);
}

function newEndpoint(
  { platform }: Parts,
  installation: Installation,
  { slot, integration }: { readonly slot: string; readonly integration: Integration },
): WebhookEndpoint {
  const connectionId = installation.connections[slot];
  const slots = Object.keys(integration.connections);
  if (!connectionId || !slots.includes(slot)) {
    const nearest = nearestName(slot, slots);
    refuse(slot, `there is no such slot${nearest ? `; did you mean '${nearest}'?` : ''}`);
  }
  const connector = integration.connections[slot];
  if (!connector?.webhooks) {
    refuse(
      slot,
      `the connector '${connector?.name ?? ''}' does not say how its webhooks are signed`,
    );
  }
  const at = platform.clock.now();
  return {
    id: platform.ids.next(),
    tenantId: installation.tenantId,
    installationId: installation.id,
    slot,
    connectionId,
    connector: connector.name,
    signingSecret: null,
    externalId: null,
    createdAt: at,
    updatedAt: at,
  };
}

/** The webhook addresses of one installation. They are written at once, because providers call back before a handler ends. */
export function webhooksHandle(
  parts: Parts,
  effects: Effects,
  of: { readonly installation: Installation; readonly integration: Integration },
): WebhooksHandle<ConnectionSlots> {
  const ensure = async (slot: string): Promise<WebhookEndpoint> => {
    effects.assertOpen('webhooks');
    const { integration } = of;
    const endpoint = newEndpoint(parts, of.installation, { slot, integration });
    return parts.persistence.webhookEndpoints.ensure(endpoint);
  };
  return {
    endpoint: async (slot) => {
      const { id, externalId } = await ensure(slot);
      return { url: parts.webhookUrl(id), externalId };
    },
    setSecret: async (slot, signingSecret, externalId) => {
      if (signingSecret === '') refuse(slot, 'the signing secret is empty');
      const endpoint = await ensure(slot);
      await parts.persistence.webhookEndpoints.update({
        ...endpoint,
        signingSecret: secret(signingSecret),
        externalId: externalId ?? endpoint.externalId,
        updatedAt: parts.platform.clock.now(),
      });
    },
  };
}
