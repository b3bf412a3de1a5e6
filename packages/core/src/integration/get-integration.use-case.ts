import type { Registry } from '../app/registry.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toIntegrationView } from './integration-view.js';
import type { IntegrationView } from './integration-view.js';

/** Describes one integration of the app. Throws `INTEGRATION_NOT_FOUND`. */
export class GetIntegration {
  constructor(private readonly parts: { readonly registry: Registry }) {}

  async execute(
    context: Context,
    input: { readonly integration: string },
  ): Promise<IntegrationView> {
    requireScope(context, 'installations:read');
    return toIntegrationView(this.parts.registry.integration(input.integration));
  }
}
