import { createHandler } from '@tenon/lambda';

interface Records {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** A bundled function without Express. */
export const handler = createHandler({
  name: 'worker',
  method: (event: Records) => {
    for (const { body } of event.Records) JSON.parse(body);
    return { batchItemFailures: [] };
  },
});
