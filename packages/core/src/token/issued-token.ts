import type { Token } from './token.js';

/** A token as its owner sees it; never the hash. */
export type TokenView = Omit<Token, 'hash'>;

/** A fresh token. `bearer` is shown once and cannot be read again. */
export interface IssuedToken {
  /** `tnn_<id>_<secret>`, to send as `Authorization: Bearer …`. */
  readonly bearer: string;
  readonly token: TokenView;
}
