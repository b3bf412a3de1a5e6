import { CreateSecretCommand, SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeAws, type FakeAws } from '@tenon/testing';
import { inspect } from 'node:util';
import { awsSecrets, type AwsSecretsOptions } from './aws-secrets.js';

const CANARY = 'canary-2f9d';
let aws: FakeAws;
let client: SecretsManager;
const environment = { ...process.env };

async function store(name: string, text: string | Uint8Array): Promise<string> {
  const value = typeof text === 'string' ? { SecretString: text } : { SecretBinary: text };
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: name, ...value }));
  return ARN;
}

beforeAll(async () => {
  aws = await startFakeAws();
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  client = new SecretsManager({ endpoint: aws.endpoint, region: 'us-east-1' });
  await store('app/good', JSON.stringify({ URL: CANARY, PORT: 5432, TLS: true }));
  await store('app/broken', `{"URL": ${CANARY}`);
  await store('app/nested', JSON.stringify({ URL: { host: CANARY } }));
  await store('app/list', JSON.stringify([CANARY]));
  await store('app/text', CANARY);
  await store('app/binary', Buffer.from(CANARY));
  // The extension compares the session token of the function.
  process.env['AWS_SESSION_TOKEN'] = aws.sessionToken;
});

afterEach(() => {
  aws.clearFaults();
});

afterAll(async () => {
  process.env = environment;
  client.destroy();
  await aws.stop();
});

const ways: Record<string, () => Partial<AwsSecretsOptions>> = {
  sdk: () => ({ endpoint: aws.endpoint, region: 'us-east-1' }),
  extension: () => ({ source: 'extension', extensionPort: aws.port }),
};

describe.each(Object.keys(ways))('awsSecrets by %s', (way) => {
  const load = (options: AwsSecretsOptions) => awsSecrets({ ...options, ...ways[way]?.() });

  it('reads names and values, by name or ARN, once', async () => {
    const loader = load({ secretId: 'app/good' });
    const before = aws.calls.length;

    const values = await Promise.all([loader(), loader()]);

    expect(values[0]).toEqual({ URL: CANARY, PORT: '5432', TLS: 'true' });
    expect(values[1]).toBe(values[0]);
    expect(await loader()).toBe(values[0]);
    expect(aws.calls.length - before).toBe(1);
    const arn = await store(`app/by-arn-${way}`, '{"A":"1"}');
    expect(await load({ secretId: arn })()).toEqual({ A: '1' });
  });

  it('reads again after its time', async () => {
    const loader = load({ secretId: 'app/good', ttlMs: 20 });
    await loader();
    const before = aws.calls.length;

    await new Promise((resolve) => setTimeout(resolve, 30));
    await loader();

    expect(aws.calls.length - before).toBe(1);
  });

  it('names a plain text', async () => {
    expect(await load({ secretId: 'app/text', textAs: 'TOKEN' })()).toEqual({ TOKEN: CANARY });
  });

  it.each([
    ['app/none', 'SECRET_NOT_FOUND'],
    ['app/broken', 'SECRET_MALFORMED'],
    ['app/nested', 'SECRET_MALFORMED'],
    ['app/list', 'SECRET_MALFORMED'],
    ['app/text', 'SECRET_MALFORMED'],
    ['app/binary', 'SECRET_MALFORMED'],
  ])('%s fails with %s and shows no value', async (secretId, code) => {
    const error: unknown = await load({ secretId })().catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code, category: 'misconfigured', retryable: false });
    expect((error as Error).message).toContain(secretId);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(CANARY);
  });

  it('says what a role without permission needs', async () => {
    aws.failNext({ type: 'AccessDeniedException', status: 400 });

    await expect(load({ secretId: 'app/good' })()).rejects.toMatchObject({
      code: 'SECRET_ACCESS_DENIED',
      message: expect.stringContaining('secretsmanager:GetSecretValue') as unknown,
    });
  });

  it('does not keep a failure', async () => {
    const loader = load({ secretId: 'app/good' });
    aws.failNext({ times: Infinity });
    await expect(loader()).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE', retryable: true });

    aws.clearFaults();

    expect(await loader()).toMatchObject({ URL: CANARY });
  });
});

describe('awsSecrets', () => {
  it('leaves throttling to the SDK, which tries again', async () => {
    const loader = awsSecrets({ secretId: 'app/good', client });
    const before = aws.calls.length;
    aws.failNext({ type: 'ThrottlingException' });

    expect(await loader()).toMatchObject({ URL: CANARY });
    expect(aws.calls.length - before).toBe(2);
  });

  it('is refused by the extension without the session token', async () => {
    const token = process.env['AWS_SESSION_TOKEN'];
    process.env['AWS_SESSION_TOKEN'] = 'another function';
    const loader = awsSecrets({
      secretId: 'app/good',
      source: 'extension',
      extensionPort: aws.port,
    });

    await expect(loader()).rejects.toMatchObject({ code: 'SECRET_ACCESS_DENIED' });
    process.env['AWS_SESSION_TOKEN'] = token;
  });

  it('is unavailable when nothing listens', async () => {
    const other = await startFakeAws();
    await other.stop();
    const loader = awsSecrets({
      secretId: 'app/good',
      source: 'extension',
      extensionPort: other.port,
    });

    await expect(loader()).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE' });
  });

  it('refuses unknown options by name, and a missing secret id', () => {
    const wrong = { secretId: 'x', ttl: 1 } as AwsSecretsOptions;

    expect(() => awsSecrets(wrong)).toThrow("did you mean 'ttlMs'?");
    expect(() => awsSecrets({ secretId: '' })).toThrow('secretId');
  });
});
