import type { Registry } from '../app/registry.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toConnectorView } from './connector-view.js';
import type { ConnectorView } from './connector-view.js';

/** Answers one connector, with the form fields it needs. Throws `CONNECTOR_NOT_FOUND`. */
export class GetConnector {
  constructor(private readonly parts: { readonly registry: Registry }) {}

  async execute(context: Context, input: { readonly connector: string }): Promise<ConnectorView> {
    requireScope(context, 'connections:read');
    return toConnectorView(this.parts.registry.connector(input.connector));
  }
}
