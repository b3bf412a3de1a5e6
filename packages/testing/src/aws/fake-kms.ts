import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { AwsFault } from './aws-fault.js';
import { text, type Operation, type OperationInput, type ServiceAddress } from './operation.js';

interface Key {
  readonly id: string;
  readonly arn: string;
  readonly material: Buffer;
  enabled: boolean;
}

const ID_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** KMS binds a ciphertext to its context whatever the order of the entries. */
function additionalData(input: OperationInput): Buffer {
  const context = input['EncryptionContext'];
  const entries =
    typeof context === 'object' && context !== null ? Object.entries(context).sort() : [];
  return Buffer.from(JSON.stringify(entries));
}

function bytes(input: OperationInput, name: string): Buffer {
  return Buffer.from(text(input, name), 'base64');
}

function wrap(key: Key, plaintext: Buffer, input: OperationInput): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.material, iv).setAAD(additionalData(input));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const id = Buffer.from(key.id.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, iv, cipher.getAuthTag(), body]).toString('base64');
}

function unwrap(key: Key, blob: Buffer, input: OperationInput): Buffer {
  const iv = blob.subarray(ID_BYTES, ID_BYTES + IV_BYTES);
  const tag = blob.subarray(ID_BYTES + IV_BYTES, ID_BYTES + IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.material, iv, { authTagLength: TAG_BYTES });
  try {
    decipher.setAAD(additionalData(input)).setAuthTag(tag);
    const body = blob.subarray(ID_BYTES + IV_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw new AwsFault('InvalidCiphertextException', 'The ciphertext or its context is not valid.');
  }
}

function dataKeyBytes(input: OperationInput): number {
  const { NumberOfBytes, KeySpec } = input;
  if (typeof NumberOfBytes === 'number') return NumberOfBytes;
  return KeySpec === 'AES_128' ? 16 : 32;
}

/** KMS in memory: symmetric keys, encryption contexts bound to ciphertexts, keys that can be disabled. */
export class FakeKms {
  readonly #address: ServiceAddress;
  readonly #keys = new Map<string, Key>();

  constructor(address: ServiceAddress) {
    this.#address = address;
  }

  readonly operations: Readonly<Record<string, Operation>> = {
    CreateKey: () => this.#create(),
    DisableKey: (input) => this.#setEnabled(input, false),
    EnableKey: (input) => this.#setEnabled(input, true),
    Encrypt: (input) => this.#encrypt(input),
    Decrypt: (input) => this.#decrypt(input),
    GenerateDataKey: (input) => this.#generateDataKey(input, true),
    GenerateDataKeyWithoutPlaintext: (input) => this.#generateDataKey(input, false),
  };

  #find(id: string): Key {
    const key = this.#keys.get(id.slice(id.lastIndexOf('/') + 1));
    if (key === undefined) throw new AwsFault('NotFoundException', `Key '${id}' does not exist`);
    return key;
  }

  #usable(id: string): Key {
    const key = this.#find(id);
    if (!key.enabled) throw new AwsFault('DisabledException', `${key.arn} is disabled.`);
    return key;
  }

  #create(): object {
    const id = randomUUID();
    const arn = `arn:aws:kms:${this.#address.region}:${this.#address.account}:key/${id}`;
    this.#keys.set(id, { id, arn, material: randomBytes(32), enabled: true });
    return { KeyMetadata: { KeyId: id, Arn: arn, Enabled: true, KeyState: 'Enabled' } };
  }

  #setEnabled(input: OperationInput, enabled: boolean): object {
    this.#find(text(input, 'KeyId')).enabled = enabled;
    return {};
  }

  #encrypt(input: OperationInput): object {
    const key = this.#usable(text(input, 'KeyId'));
    return {
      KeyId: key.arn,
      CiphertextBlob: wrap(key, bytes(input, 'Plaintext'), input),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  }

  #decrypt(input: OperationInput): object {
    const blob = bytes(input, 'CiphertextBlob');
    const key = this.#keyOf(blob);
    if (typeof input['KeyId'] === 'string' && this.#find(input['KeyId']) !== key) {
      throw new AwsFault('IncorrectKeyException', 'The key ID in the request does not match.');
    }
    if (!key.enabled) throw new AwsFault('DisabledException', `${key.arn} is disabled.`);
    return {
      KeyId: key.arn,
      Plaintext: unwrap(key, blob, input).toString('base64'),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  }

  #keyOf(blob: Buffer): Key {
    const hex = blob.subarray(0, ID_BYTES).toString('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const key = this.#keys.get(id);
    if (key === undefined) throw new AwsFault('InvalidCiphertextException', 'No key made this.');
    return key;
  }

  #generateDataKey(input: OperationInput, withPlaintext: boolean): object {
    const key = this.#usable(text(input, 'KeyId'));
    const plaintext = randomBytes(dataKeyBytes(input));
    return {
      KeyId: key.arn,
      ...(withPlaintext && { Plaintext: plaintext.toString('base64') }),
      CiphertextBlob: wrap(key, plaintext, input),
    };
  }
}
