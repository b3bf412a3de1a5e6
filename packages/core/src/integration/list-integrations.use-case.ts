import type { Registry } from '../app/registry.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toIntegrationView } from './integration-view.js';
import type { IntegrationView } from './integration-view.js';

/** Lists the integrations of the app. */
export class ListIntegrations {
  constructor(private readonly parts: { readonly registry: Registry }) {}

  async execute(
    context: Context,
    _input: Record<string, never>,
  ): Promise<readonly IntegrationView[]> {
    requireScope(context, 'installations:read');
    return this.parts.registry.integrations.map(toIntegrationView);
  }
}
