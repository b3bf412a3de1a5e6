import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/**
 * The only file that names the SDK. It is loaded on first use; naming what it takes in a static import keeps bundles
 * small, and working: a dynamic import of a CommonJS package has no named exports once it is bundled.
 */
export const sqsSdk = {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
};
