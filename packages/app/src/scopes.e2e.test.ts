import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signUp } from './api-client.fixture.js';
import type { ApiCaller, Person } from './api-client.fixture.js';
import { startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

interface Operation {
  readonly operationId: string;
  readonly 'x-scope'?: string;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const SOME_ID = '01a1fd51-3772-734c-b9f2-a46901e4607f';

/** Bodies that are well-formed, so that the scope is what is missing. */
const BODIES: Readonly<Record<string, object>> = {
  createUser: { kind: 'individual' },
  setPassword: { password: 'a long enough password' },
  issueToken: { label: 'another' },
  authorizeConnection: { connector: 'crm' },
  submitConnection: { connector: 'crm', fields: {} },
  startConnectionForm: { connector: 'crm' },
  submitConnectionStep: { form: 'x', step: 1, fields: {} },
  renameConnection: { name: 'Main' },
  createInstallation: { integration: 'mirror', connections: {} },
  addMember: { userId: SOME_ID },
  changeMemberRole: { role: 'admin' },
  startRun: { job: 'work' },
  createSchedule: { name: 'often', job: 'work', when: { kind: 'every', everyMs: 60_000 } },
};

describe('scopes', () => {
  let tenon: TestApp;
  let person: Person;

  beforeAll(async () => {
    tenon = await startTestApp({ integrations: [] });
    person = await signUp(tenon.url, 'organization');
  });

  afterAll(() => tenon.close());

  async function holderOf(scope: string): Promise<ApiCaller> {
    const token = { label: scope, scopes: [scope] };
    const { bearer } = await person.api.ok<{ bearer: string }>('POST', '/api/tokens', token);
    return person.api.as({ authorization: `Bearer ${bearer}` });
  }

  it('are asked for by every operation as its description says', async () => {
    const { paths } = await person.api.ok<Document>('GET', '/openapi.json');
    const holders = {
      'users:read': await holderOf('users:read'),
      'connections:read': await holderOf('connections:read'),
    };
    const described: unknown[] = [];
    const asked: unknown[] = [];
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { operationId, 'x-scope': scope }] of Object.entries(methods)) {
        if (scope === undefined) continue;
        const holder = holders[scope === 'users:read' ? 'connections:read' : 'users:read'];
        const query = operationId.startsWith('discard') ? '?reason=obsolete' : '';
        const url = path.replace(/\{\w+\}/g, SOME_ID) + query;
        const body = ['get', 'delete'].includes(method) ? undefined : (BODIES[operationId] ?? {});
        const { body: problem } = await holder.call(method.toUpperCase(), url, body);
        described.push({ operationId, code: 'FORBIDDEN', details: { scope } });
        const { code, details } = problem as Record<string, unknown>;
        asked.push({ operationId, code, details });
      }
    }
    expect(asked).toEqual(described);
    expect(asked.length).toBeGreaterThan(30);
  });
});
