import type { App } from './app.js';
import type { Service, ServiceOptions } from './service.js';

/**
 * Runs an app in this process: API, workers, schedules, outbox relay. Loaded on first use: functions do not pay for it.
 * @throws TenonError `PORT_UNAVAILABLE`, and what `app.prepare()` throws.
 */
export async function startService(app: App, options: ServiceOptions = {}): Promise<Service> {
  const service = await import('./service.js');
  return service.startService(app, options);
}
