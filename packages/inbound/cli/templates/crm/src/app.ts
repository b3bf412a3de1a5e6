import { defineApp } from '@tenon/app';
import type { AppParts } from '@tenon/app';
import type { Environment } from '@tenon/core';
import { crmConnector } from './connectors/crm.js';
import { contactsIntegration } from './integrations/contacts.js';

/** What the app is made of, given the environment that it runs in. */
export function parts(environment: Environment): AppParts {
  const crm = crmConnector(environment);
  return { connectors: [crm], integrations: [contactsIntegration({ crm })] };
}

export const app = defineApp(parts);
