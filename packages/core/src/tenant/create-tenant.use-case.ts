import type { Clock } from '../platform/clock.port.js';
import type { AppContext } from '../platform/context.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import { InputCheck } from '../platform/input-check.js';
import type { TenantRepository } from './tenant-repository.port.js';
import type { Tenant } from './tenant.js';

/** Adds a tenant. Only the product's back end may. */
export class CreateTenant {
  constructor(
    private readonly parts: {
      readonly tenants: TenantRepository;
      readonly clock: Clock;
      readonly ids: IdGenerator;
    },
  ) {}

  /** @throws ValidationError for a name that is empty or longer than 200 characters. */
  async execute(_context: AppContext, input: { readonly name: string }): Promise<Tenant> {
    const check = new InputCheck('The tenant');
    const name = check.text('name', input.name, { max: 200 });
    check.done();
    const now = this.parts.clock.now();
    const tenant: Tenant = {
      id: this.parts.ids.next(),
      name,
      status: 'active',
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    await this.parts.tenants.insert(tenant);
    return tenant;
  }
}
