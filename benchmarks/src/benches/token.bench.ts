import { compare, hash } from 'bcryptjs';
import { AuthenticateToken, isId, silentLogger } from '@tenon/core';
import type { AppContext, TenantId, Token, TokenId, TokenRepository, UserId } from '@tenon/core';
import { createNodePlatform } from '@tenon/platform-node';
import type { Bench } from '../bench.js';
import { interleave, median } from '../interleave.js';

const platform = createNodePlatform();
const context: AppContext = { requestId: 'request', actor: 'app', logger: silentLogger };
const secret = platform.crypto.randomToken(32);
const id = platform.ids.next<TokenId>();
const bearer = `tnn_${id}_${secret}`;

const token: Token = {
  id,
  tenantId: platform.ids.next<TenantId>(),
  userId: platform.ids.next<UserId>(),
  label: 'bench',
  hash: platform.crypto.sha256(secret),
  scopes: ['*'],
  expiresAt: new Date(Date.now() + 3_600_000),
  lastUsedAt: new Date(),
  revokedAt: null,
  createdAt: new Date(),
};
const row = Promise.resolve({
  token,
  userKind: 'individual',
  userStatus: 'active',
  tenantStatus: 'active',
} as const);

/** Answers at once what the database would: the figure is what the check itself costs. */
const tokens: Pick<TokenRepository, 'findWithOwner' | 'touch'> = {
  findWithOwner: (wanted) => (isId(wanted) ? row : Promise.resolve(null)),
  touch: () => Promise.resolve(),
};

export const bench: Bench = {
  name: 'token',
  title: 'bearer-token check without the database',
  bar: '≥ 400,000/s',
  async run() {
    const authenticate = new AuthenticateToken({ ...platform, tokens: tokens as TokenRepository });
    const hashed = await hash(secret, 10);
    const ours = await interleave(
      { check: () => authenticate.execute(context, { bearer }) },
      { iterations: 50_000 },
    );
    const peer = await interleave(
      { bcrypt: () => compare(secret, hashed) },
      { iterations: 2, rounds: 5, warmup: 1 },
    );
    const perSecond = (times: readonly number[]): number => 1e6 / median(times);
    return [
      {
        figure: 'bearer-token check',
        unit: '/s',
        ours: perSecond(ours.check),
        peer: { name: 'bcryptjs, cost 10', value: perSecond(peer.bcrypt) },
        bar: { of: 'ours', min: 400_000 },
      },
    ];
  },
};
