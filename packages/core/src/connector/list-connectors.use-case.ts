import type { Registry } from '../app/registry.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toConnectorView } from './connector-view.js';
import type { ConnectorView } from './connector-view.js';

/** Lists the app's connectors, by name. */
export class ListConnectors {
  constructor(private readonly parts: { readonly registry: Registry }) {}

  async execute(context: Context): Promise<readonly ConnectorView[]> {
    requireScope(context, 'connections:read');
    return this.parts.registry.connectors
      .map(toConnectorView)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
