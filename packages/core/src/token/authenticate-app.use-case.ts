import type { AppContext } from '../platform/context.js';
import type { AppKeys } from './app-keys.js';

/** Verifies the product's own back end by its key. */
export class AuthenticateApp {
  constructor(private readonly parts: { readonly appKeys: AppKeys }) {}

  /** @throws UnauthenticatedError. */
  async execute(context: AppContext, input: { readonly key: string }): Promise<AppContext> {
    const appKeyId = this.parts.appKeys.verify(input.key);
    return { ...context, actor: 'app', logger: context.logger.child({ appKeyId }) };
  }
}
