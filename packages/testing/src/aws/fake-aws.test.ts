import {
  CreateKeyCommand,
  DecryptCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeAws, type FakeAws } from './start-fake-aws.js';

let aws: FakeAws;
let kms: KMSClient;
let secrets: SecretsManagerClient;

beforeAll(async () => {
  aws = await startFakeAws();
  const settings = {
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  kms = new KMSClient(settings);
  secrets = new SecretsManagerClient(settings);
});

afterEach(() => {
  aws.clearFaults();
});

afterAll(async () => {
  kms.destroy();
  secrets.destroy();
  await aws.stop();
});

async function newKey(): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  return KeyMetadata?.KeyId ?? '';
}

describe('startFakeAws: KMS', () => {
  it('gives a data key back for the right encryption context, in any order', async () => {
    const KeyId = await newKey();
    const made = await kms.send(
      new GenerateDataKeyCommand({
        KeyId,
        KeySpec: 'AES_256',
        EncryptionContext: { tenant: 't1', table: 'credential' },
      }),
    );
    const opened = await kms.send(
      new DecryptCommand({
        CiphertextBlob: made.CiphertextBlob,
        EncryptionContext: { table: 'credential', tenant: 't1' },
      }),
    );

    expect(made.Plaintext).toHaveLength(32);
    expect(opened.Plaintext).toEqual(made.Plaintext);
    expect(opened.KeyId).toBe(made.KeyId);
  });

  it.each([
    ['another context', { tenant: 't2' }],
    ['no context', undefined],
  ])('refuses %s', async (_, EncryptionContext) => {
    const KeyId = await newKey();
    const made = await kms.send(
      new GenerateDataKeyCommand({
        KeyId,
        NumberOfBytes: 64,
        EncryptionContext: { tenant: 't1' },
      }),
    );

    await expect(
      kms.send(
        new DecryptCommand({
          CiphertextBlob: made.CiphertextBlob,
          ...(EncryptionContext && { EncryptionContext }),
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('refuses a changed ciphertext, an unknown key, a wrong key and a disabled key', async () => {
    const KeyId = await newKey();
    const { CiphertextBlob = new Uint8Array() } = await kms.send(
      new EncryptCommand({ KeyId, Plaintext: Buffer.from('hello') }),
    );
    const changed = Uint8Array.from(CiphertextBlob);
    changed[changed.length - 1]! ^= 1;
    const decrypt = (blob: Uint8Array, key?: string) =>
      kms.send(new DecryptCommand({ CiphertextBlob: blob, ...(key && { KeyId: key }) }));

    await expect(decrypt(changed)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    await expect(
      kms.send(new EncryptCommand({ KeyId: 'nobody', Plaintext: Buffer.from('x') })),
    ).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(decrypt(CiphertextBlob, await newKey())).rejects.toMatchObject({
      name: 'IncorrectKeyException',
    });
    await kms.send(new DisableKeyCommand({ KeyId }));
    await expect(decrypt(CiphertextBlob)).rejects.toMatchObject({ name: 'DisabledException' });
  });

  it('throttles, and the SDK tries again', async () => {
    const KeyId = await newKey();
    const before = aws.calls.length;
    aws.failNext({ operation: 'kms.GenerateDataKey', type: 'ThrottlingException', times: 2 });

    const made = await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));

    expect(made.Plaintext).toHaveLength(32);
    expect(aws.calls.slice(before).map(({ operation }) => operation)).toEqual([
      'kms.GenerateDataKey',
      'kms.GenerateDataKey',
      'kms.GenerateDataKey',
    ]);
  });

  it.each([
    ['answers 500', { times: Infinity }, 'InternalServiceError'],
    ['hangs up', { times: Infinity, disconnect: true }, undefined],
  ])('an outage that %s fails the call after the SDK gave up', async (_, fault, name) => {
    const KeyId = await newKey();
    const before = aws.calls.length;
    aws.failNext(fault);

    const failed = kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));

    await expect(failed).rejects.toThrow();
    if (name !== undefined) await expect(failed).rejects.toMatchObject({ name });
    expect(aws.calls.length - before).toBe(3);
  });
});

describe('startFakeAws: Secrets Manager', () => {
  it('keeps the current and the previous version, found by name and by ARN', async () => {
    const { ARN } = await secrets.send(
      new CreateSecretCommand({ Name: 'app/versions', SecretString: 'one' }),
    );
    await secrets.send(
      new PutSecretValueCommand({ SecretId: 'app/versions', SecretString: 'two' }),
    );
    const get = async (SecretId = '', VersionStage?: string) =>
      (
        await secrets.send(
          new GetSecretValueCommand({ SecretId, ...(VersionStage && { VersionStage }) }),
        )
      ).SecretString;

    expect(await get('app/versions')).toBe('two');
    expect(await get(ARN)).toBe('two');
    expect(await get('app/versions', 'AWSPREVIOUS')).toBe('one');
  });

  it('throws the typed errors of the service', async () => {
    await secrets.send(new CreateSecretCommand({ Name: 'app/twice', SecretString: '{}' }));

    await expect(
      secrets.send(new CreateSecretCommand({ Name: 'app/twice', SecretString: '{}' })),
    ).rejects.toMatchObject({ name: 'ResourceExistsException' });
    await expect(
      secrets.send(new GetSecretValueCommand({ SecretId: 'app/none' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('sees signed calls', async () => {
    await secrets.send(new CreateSecretCommand({ Name: 'app/signed', SecretString: 'x' }));

    expect(aws.calls.at(-1)).toEqual({ operation: 'secretsmanager.CreateSecret', signed: true });
  });

  it('serves the extension to those who have the token', async () => {
    await secrets.send(new CreateSecretCommand({ Name: 'app/ext', SecretString: 'value' }));
    const get = (token: string) =>
      fetch(`${aws.endpoint}/secretsmanager/get?secretId=app%2Fext`, {
        headers: { 'x-aws-parameters-secrets-token': token },
      });

    expect(await (await get(aws.sessionToken)).json()).toMatchObject({ SecretString: 'value' });
    expect((await get('wrong')).status).toBe(401);
  });
});
