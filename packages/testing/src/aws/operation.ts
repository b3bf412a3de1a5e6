import { AwsFault } from './aws-fault.js';

/** The JSON body of a call. */
export type OperationInput = Readonly<Record<string, unknown>>;

/** One operation of a service. */
export type Operation = (input: OperationInput) => object;

/** What makes up ARNs. */
export interface ServiceAddress {
  readonly region: string;
  readonly account: string;
}

/** The member `name`, which has to be a string. */
export function text(input: OperationInput, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsFault(
    'ValidationException',
    `1 validation error detected: '${name}' must not be null`,
  );
}
