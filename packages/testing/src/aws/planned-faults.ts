import { AwsFault, type PlannedFault } from './aws-fault.js';

/** Faults in the order they were planned, each used as often as it says. */
export class PlannedFaults {
  #planned: { readonly fault: PlannedFault; left: number }[] = [];

  add(fault: PlannedFault): void {
    this.#planned.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#planned = [];
  }

  take(operation: string): PlannedFault | undefined {
    const entry = this.#planned.find(
      ({ fault }) => fault.operation === undefined || fault.operation === operation,
    );
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#planned = this.#planned.filter((other) => other !== entry);
    return entry.fault;
  }
}

/** The fault that a plan asks for. */
export function faultOf(planned: PlannedFault): AwsFault {
  const type = planned.type ?? 'InternalServiceError';
  const status = planned.status ?? (planned.type === undefined ? 500 : 400);
  return new AwsFault(type, planned.message ?? type, status);
}
