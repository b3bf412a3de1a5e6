import { defineApp } from '@tenon/app';
import { crmConnector } from './connectors/crm.js';
import { deskConnector } from './connectors/desk.js';
import { crmToDesk } from './integrations/crm-to-desk.js';

/** The app of this example: what a product team writes. */
export const app = defineApp((environment) => ({
  integrations: [
    crmToDesk({
      crm: crmConnector({
        baseUrl: environment['CRM_URL'] ?? '',
        clientId: environment['CRM_CLIENT_ID'] ?? '',
        clientSecret: environment['CRM_CLIENT_SECRET'] ?? '',
      }),
      desk: deskConnector(environment['DESK_URL'] ?? ''),
    }),
  ],
}));
