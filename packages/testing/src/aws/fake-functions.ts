import { AwsFault } from './aws-fault.js';
import type { FakeStack } from './fake-stack.js';

/** An invocation of a function. */
export interface FunctionInvocation {
  readonly functionName: string;
  /** Key of the code that it has at this moment. */
  readonly codeKey: string;
}

/** What an invoked function does: answers, or throws what its caller sees as `FunctionError`. */
export type FunctionBehaviour = (invocation: FunctionInvocation) => unknown;

interface Code {
  readonly S3Key?: string;
}

/** Lambda's functions of the stacks: their code, and what happens when they are invoked. */
export class FakeFunctions {
  readonly codeKeys = new Map<string, string>();
  behaviour: FunctionBehaviour = () => null;
  #updating: string | null = null;

  /** Gives the functions of a stack the code that its template names. */
  take({ current, status }: FakeStack): void {
    if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(status)) return;
    for (const { type, physicalId, properties } of current?.resources.values() ?? []) {
      const { S3Key } = (properties['Code'] ?? {}) as Code;
      if (type === 'AWS::Lambda::Function') this.codeKeys.set(physicalId, S3Key ?? '');
    }
  }

  #find(name: string): string {
    const key = this.codeKeys.get(name);
    if (key !== undefined) return key;
    throw new AwsFault('ResourceNotFoundException', `Function not found: ${name}`, 404);
  }

  configuration(name: string): object {
    this.#find(name);
    const updating = this.#updating === name;
    this.#updating = null;
    return {
      FunctionName: name,
      State: 'Active',
      LastUpdateStatus: updating ? 'InProgress' : 'Successful',
    };
  }

  updateCode(name: string, body: string): object {
    this.#find(name);
    const { S3Key } = JSON.parse(body) as Code;
    this.codeKeys.set(name, S3Key ?? '');
    this.#updating = name;
    return { FunctionName: name, LastUpdateStatus: 'InProgress' };
  }

  /** The payload, and whether it is that of an error. */
  async invoke(name: string): Promise<{ readonly payload: unknown; readonly failed: boolean }> {
    const codeKey = this.#find(name);
    try {
      return { payload: await this.behaviour({ functionName: name, codeKey }), failed: false };
    } catch (error) {
      const { name: errorType, message: errorMessage } = error as Error;
      return { payload: { errorType, errorMessage, trace: [] }, failed: true };
    }
  }
}
