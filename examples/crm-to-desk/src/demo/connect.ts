import { walkConsent } from '../services/crm/consent-walker.js';
import { DEMO_USERS } from '../services/crm/crm-options.js';
import type { Stage } from './stage.js';
import { TenonApi } from './tenon-api.js';
import type { Items } from './tenon-api.js';

/** The customer of the demo, with both accounts connected. */
export interface Customer {
  readonly api: TenonApi;
  readonly crmConnection: string;
  readonly deskConnection: string;
}

interface Identified {
  readonly id: string;
}

/** Makes a tenant and its user as the product's back end would, and logs the user in. */
async function signUp(stage: Stage): Promise<TenonApi> {
  const backEnd = new TenonApi(stage.apiUrl, { 'x-tenon-app-key': stage.appKey });
  const tenant = await backEnd.post<Identified>('/api/tenants', { name: 'Acme' });
  const login = { username: 'ada', password: 'correct horse battery staple' };
  await backEnd.post(`/api/tenants/${tenant.id}/users`, { kind: 'individual', ...login });
  const issued = await backEnd.post<{ bearer: string }>('/api/login', {
    tenantId: tenant.id,
    ...login,
  });
  return backEnd.as({ authorization: `Bearer ${issued.bearer}` });
}

/** Walks the real consent: Tenon → CRM's log-in and consent pages → callback of Tenon, in one browser. */
async function connectCrm(api: TenonApi): Promise<string> {
  const started = await api.call<{ authorizationUrl: string }>(
    'POST',
    '/api/connections/authorize',
    { connector: 'crm' },
  );
  const [user] = DEMO_USERS;
  if (!user) throw new Error('The CRM has no users');
  const { response } = await walkConsent({
    authorizationUrl: started.body.authorizationUrl,
    username: user.username,
    password: user.password,
    callback: { headers: { cookie: started.cookies.join('; ') } },
  });
  if (!response?.ok)
    throw new Error(
      `The callback answered ${response?.status ?? 'nothing'}: ${(await response?.text()) ?? ''}`,
    );
  const { items } = await api.get<Items<Identified>>('/api/connections?connector=crm');
  const [connection] = items;
  if (!connection) throw new Error('The CRM was connected, but there is no connection');
  return connection.id;
}

/** Signs up a customer and connects both accounts. */
export async function connectCustomer(stage: Stage): Promise<Customer> {
  const api = await signUp(stage);
  const crmConnection = await connectCrm(api);
  const fields = { apiKey: stage.deskKey };
  const desk = await api.post<Identified>('/api/connections', { connector: 'desk', fields });
  return { api, crmConnection, deskConnection: desk.id };
}
