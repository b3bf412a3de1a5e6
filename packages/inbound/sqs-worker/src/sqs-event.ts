/** One message of an SQS event, as Lambda delivers it. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount?: string;
    readonly MessageGroupId?: string;
  };
  readonly messageAttributes?: Readonly<
    Record<string, { readonly stringValue?: string | undefined }>
  >;
  readonly eventSourceARN: string;
}

/** What Lambda hands to a function with an SQS event source. */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

/** The messages to show again. Needs `ReportBatchItemFailures` on the event source mapping; without it, Lambda ignores the answer. */
export interface SqsBatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** What a worker needs of Lambda's context. */
export interface LambdaContext {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}
