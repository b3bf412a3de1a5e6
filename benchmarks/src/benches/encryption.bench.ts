import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import type { Bench, Row } from '../bench.js';
import { interleave, median, medianRatio } from '../interleave.js';

const context = {
  tenantId: '01890a5d-ac96-774b-bcce-b302099a8057',
  table: 'credentials',
  column: 'material',
  rowId: '01890a5d-ac96-774b-bcce-b302099a8058',
};
const aad = Buffer.from(Object.values(context).join('|'));
const rawKey = createSecretKey(randomBytes(32));

interface RawSealed {
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** What `node:crypto` needs for the same safety: a fresh IV, additional data, ciphertext and tag; no text form. */
function rawEncrypt(plaintext: string): RawSealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', rawKey, iv);
  cipher.setAAD(aad);
  const ciphertext = cipher.update(plaintext, 'utf8');
  cipher.final();
  return { iv, ciphertext, tag: cipher.getAuthTag() };
}

function rawDecrypt({ iv, ciphertext, tag }: RawSealed): string {
  const decipher = createDecipheriv('aes-256-gcm', rawKey, iv);
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  decipher.final();
  return plaintext.toString('utf8');
}

const encryptor = createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' });
const perSecond = (times: readonly number[]): number => 1e6 / median(times);

async function measure(label: string, bytes: number, floor?: number): Promise<Row[]> {
  const plaintext = 'x'.repeat(bytes);
  const sealed = encryptor.encrypt(plaintext, context);
  const rawSealed = rawEncrypt(plaintext);
  const t = await interleave(
    {
      encrypt: () => encryptor.encrypt(plaintext, context),
      rawEncrypt: () => rawEncrypt(plaintext),
      decrypt: () => encryptor.decrypt(sealed, context),
      rawDecrypt: () => rawDecrypt(rawSealed),
    },
    // Short rounds: what else the machine does then falls on both sides of a ratio.
    { iterations: 1_000, rounds: 41, warmup: 10_000 },
  );
  const row = (figure: string, ours: readonly number[], raw: readonly number[]): Row => ({
    figure: `${figure} ${label}`,
    unit: '/s',
    ours: perSecond(ours),
    peer: { name: 'node:crypto', value: perSecond(raw) },
    ratio: medianRatio(raw, ours),
    bar: { of: 'ratio', min: 0.6 },
  });
  const rows = [row('encrypt', t.encrypt, t.rawEncrypt), row('decrypt', t.decrypt, t.rawDecrypt)];
  if (floor !== undefined) {
    rows.push({
      figure: `encrypt ${label}, absolute`,
      unit: '/s',
      ours: perSecond(t.encrypt),
      // What this machine can do at all.
      peer: { name: 'node:crypto', value: perSecond(t.rawEncrypt) },
      bar: { of: 'ours', min: floor },
    });
  }
  return rows;
}

export const bench: Bench = {
  name: 'encryption',
  title: 'field encryption with additional data',
  bar: '≥ 0.6× raw AES-256-GCM of node:crypto; ≥ 150,000/s at 200 B',
  async run() {
    return [...(await measure('200 B', 200, 150_000)), ...(await measure('4 KB', 4_096))];
  },
};
