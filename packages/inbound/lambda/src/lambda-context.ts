/** What this package reads of the context object of the Lambda runtime. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName?: string;
  readonly functionVersion?: string;
  readonly invokedFunctionArn?: string;
  readonly memoryLimitInMB?: string;
  /** Milliseconds until the runtime is killed. */
  getRemainingTimeInMillis(): number;
  /** Present up to the Node.js 22 runtime; the Node.js 24 runtime has no callbacks to wait for. */
  callbackWaitsForEmptyEventLoop?: boolean;
}
