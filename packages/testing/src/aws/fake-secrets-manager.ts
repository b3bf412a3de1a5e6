import { randomBytes, randomUUID } from 'node:crypto';
import { AwsFault } from './aws-fault.js';
import { text, type Operation, type OperationInput, type ServiceAddress } from './operation.js';

interface Version {
  readonly id: string;
  readonly value: { readonly SecretString?: string; readonly SecretBinary?: string };
}

interface StoredSecret {
  readonly name: string;
  readonly arn: string;
  readonly versions: Version[];
}

const NOT_FOUND = "Secrets Manager can't find the specified secret.";

/** Secrets Manager in memory: create, put and get, with the stages AWSCURRENT and AWSPREVIOUS. */
export class FakeSecretsManager {
  readonly #address: ServiceAddress;
  readonly #secrets = new Map<string, StoredSecret>();

  constructor(address: ServiceAddress) {
    this.#address = address;
  }

  readonly operations: Readonly<Record<string, Operation>> = {
    CreateSecret: (input) => this.#create(input),
    PutSecretValue: (input) => this.#put(input),
    GetSecretValue: (input) => this.#get(input),
  };

  #find(id: string): StoredSecret {
    const found =
      this.#secrets.get(id) ??
      [...this.#secrets.values()].find(({ arn }) => arn === id || arn.startsWith(`${id}-`));
    if (found === undefined) throw new AwsFault('ResourceNotFoundException', NOT_FOUND);
    return found;
  }

  #create(input: OperationInput): object {
    const name = text(input, 'Name');
    if (this.#secrets.has(name)) {
      throw new AwsFault('ResourceExistsException', `The secret ${name} already exists.`);
    }
    const { region, account } = this.#address;
    const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${randomBytes(3).toString('hex')}`;
    const stored: StoredSecret = { name, arn, versions: [version(input)] };
    this.#secrets.set(name, stored);
    return { ARN: arn, Name: name, VersionId: stored.versions[0]?.id };
  }

  #put(input: OperationInput): object {
    const stored = this.#find(text(input, 'SecretId'));
    const next = version(input);
    stored.versions.unshift(next);
    return {
      ARN: stored.arn,
      Name: stored.name,
      VersionId: next.id,
      VersionStages: ['AWSCURRENT'],
    };
  }

  #get(input: OperationInput): object {
    const stored = this.#find(text(input, 'SecretId'));
    const stage = input['VersionStage'] === 'AWSPREVIOUS' ? 'AWSPREVIOUS' : 'AWSCURRENT';
    const index = stage === 'AWSCURRENT' ? 0 : 1;
    const found =
      typeof input['VersionId'] === 'string'
        ? stored.versions.find(({ id }) => id === input['VersionId'])
        : stored.versions[index];
    if (found === undefined) throw new AwsFault('ResourceNotFoundException', NOT_FOUND);
    return {
      ARN: stored.arn,
      Name: stored.name,
      VersionId: found.id,
      ...found.value,
      VersionStages: [stage],
      CreatedDate: Date.now() / 1000,
    };
  }
}

function version(input: OperationInput): Version {
  const { SecretString, SecretBinary } = input;
  const value = {
    ...(typeof SecretString === 'string' && { SecretString }),
    ...(typeof SecretBinary === 'string' && { SecretBinary }),
  };
  if (Object.keys(value).length === 0) {
    throw new AwsFault(
      'InvalidParameterException',
      'You must provide SecretString or SecretBinary.',
    );
  }
  return { id: randomUUID(), value };
}
