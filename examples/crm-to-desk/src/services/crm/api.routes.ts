import { parseObject, readBytes } from '../http/request-body.js';
import type { Call, Route } from '../http/router.js';
import { notFound } from '../http/service-error.js';
import type { Caller } from './api-access.js';
import { requireScope } from './api-access.js';
import type { ContactCatalog } from './contact-catalog.js';
import { readChanges } from './contact-changes.js';
import { decodeCursor, encodeCursor, readLimit } from './contact-cursor.js';
import type { CrmUser } from './crm-options.js';
import type { CrmStatistics } from './crm-statistics.js';
import type { WebhookRegistry } from './webhook-registry.js';
import type { WebhookSender } from './webhook-sender.js';

type ApiRoute = Route<Caller>;

/** `GET /me`: whose account the token stands for. */
export function accountRoutes(users: readonly CrmUser[]): ApiRoute[] {
  return [
    {
      method: 'GET',
      path: '/me',
      handle: ({ context }) => {
        const user = users.find(({ username }) => username === context.accountId);
        if (user === undefined) throw notFound('The account is gone.');
        const { username, name, email } = user;
        return { status: 200, body: { id: username, name, email } };
      },
    },
  ];
}

/** The contacts: list, read, change. */
export function contactRoutes(
  catalog: ContactCatalog,
  sender: WebhookSender,
  statistics: CrmStatistics,
): ApiRoute[] {
  const find = ({ params, context }: Call<Caller>, scope: string): number => {
    requireScope(context, scope);
    const index = catalog.indexOf(params['id'] ?? '');
    if (index === undefined) throw notFound(`There is no contact ${params['id'] ?? ''}.`);
    return index;
  };
  return [
    {
      method: 'GET',
      path: '/contacts',
      handle: ({ query, context }) => {
        requireScope(context, 'contacts.read');
        const start = decodeCursor(query.get('cursor'));
        const items = catalog.slice(start, readLimit(query.get('limit')));
        const end = start + items.length;
        statistics.contactsListed += items.length;
        const nextCursor = end < catalog.size ? encodeCursor(end) : null;
        return { status: 200, body: { items, nextCursor, total: catalog.size } };
      },
    },
    {
      method: 'GET',
      path: '/contacts/:id',
      handle: (call) => ({ status: 200, body: catalog.at(find(call, 'contacts.read')) }),
    },
    {
      method: 'PATCH',
      path: '/contacts/:id',
      handle: async (call) => {
        const index = find(call, 'contacts.write');
        const changes = readChanges(parseObject(await readBytes(call.request)));
        const contact = catalog.change(index, changes);
        sender.publish('contact.updated', contact);
        return { status: 200, body: contact };
      },
    },
  ];
}

/** The webhooks of an account: add, list, remove. The secret is shown once. */
export function webhookRoutes(registry: WebhookRegistry): ApiRoute[] {
  return [
    {
      method: 'GET',
      path: '/webhooks',
      handle: ({ context }) => {
        requireScope(context, 'webhooks');
        const items = registry
          .list(context.accountId)
          .map(({ id, url, events, createdAt }) => ({ id, url, events, createdAt }));
        return { status: 200, body: { items } };
      },
    },
    {
      method: 'POST',
      path: '/webhooks',
      handle: async ({ request, context }) => {
        requireScope(context, 'webhooks');
        const input = parseObject(await readBytes(request));
        const { id, url, events, secret, createdAt } = registry.add(context.accountId, input);
        return { status: 201, body: { id, url, events, secret, createdAt } };
      },
    },
    {
      method: 'DELETE',
      path: '/webhooks/:id',
      handle: ({ params, context }) => {
        requireScope(context, 'webhooks');
        registry.remove(context.accountId, params['id'] ?? '');
        return { status: 204 };
      },
    },
  ];
}
