import type { Connector } from '../connector/connector.js';
import type { Integration } from '../integration/integration.js';
import { MisconfiguredError, NotFoundError } from '../platform/common.errors.js';

/** The definitions of an app, by name. */
export class Registry {
  readonly #connectors = new Map<string, Connector>();
  readonly #integrations = new Map<string, Integration>();

  /** Connectors of integrations are added by themselves. @throws MisconfiguredError for two definitions with one name. */
  constructor(definitions: {
    readonly connectors?: readonly Connector[];
    readonly integrations?: readonly Integration[];
  }) {
    for (const connector of definitions.connectors ?? []) this.#addConnector(connector);
    for (const integration of definitions.integrations ?? []) {
      if (this.#integrations.has(integration.name)) {
        throw new MisconfiguredError(
          `Two integrations are called '${integration.name}'; names are unique in an app`,
        );
      }
      this.#integrations.set(integration.name, integration);
      for (const connector of Object.values(integration.connections)) this.#addConnector(connector);
    }
  }

  #addConnector(connector: Connector): void {
    const known = this.#connectors.get(connector.name);
    if (known && known !== connector) {
      throw new MisconfiguredError(
        `Two connectors are called '${connector.name}'; names are unique in an app`,
      );
    }
    this.#connectors.set(connector.name, connector);
  }

  get connectors(): readonly Connector[] {
    return [...this.#connectors.values()];
  }

  get integrations(): readonly Integration[] {
    return [...this.#integrations.values()];
  }

  /** @throws NotFoundError `CONNECTOR_NOT_FOUND`. */
  connector(name: string): Connector {
    const connector = this.#connectors.get(name);
    if (!connector) throw new NotFoundError('connector', name);
    return connector;
  }

  /** @throws NotFoundError `INTEGRATION_NOT_FOUND`. */
  integration(name: string): Integration {
    const integration = this.#integrations.get(name);
    if (!integration) throw new NotFoundError('integration', name);
    return integration;
  }

  findIntegration(name: string): Integration | null {
    return this.#integrations.get(name) ?? null;
  }
}
