import fc from 'fast-check';
import { readShape } from '../read-shape.js';
import { runtimes } from '../serverless-shape.js';
import type { ServerlessShape } from '../serverless-shape.js';

const handlers = ['api', 'migrate', 'schedule', 'websocket', 'report'] as const;

const queueNames = fc
  .uniqueArray(
    fc.oneof(
      fc.stringMatching(/^[a-z]{1,3}(-[a-z0-9]{1,2}){0,2}(\.fifo)?$/),
      fc.stringMatching(/^[A-Za-z0-9_-]{1,12}(\.fifo)?$/),
    ),
    // Two files that become one function are refused before.
    { maxLength: 5, selector: (name) => name.replaceAll('.', '-') },
  )
  .map((names) => names.filter((name) => name !== 'default' && name !== 'default-fifo'));

/** Any app that can be deployed. */
export const anyShape: fc.Arbitrary<ServerlessShape> = fc
  .record({
    queues: queueNames,
    timesMs: fc.array(fc.integer({ min: 1_000, max: 870_000 }), { minLength: 6, maxLength: 6 }),
    more: fc.subarray([...handlers]),
    runtime: fc.constantFrom(...runtimes),
  })
  .map(({ queues, timesMs, more, runtime }) => {
    const names = ['default', ...queues];
    return readShape({
      name: 'orders',
      runtime,
      app: {
        connectors: [],
        integrations: [],
        queues: names.map((name, at) => ({ name, jobTimeoutMs: timesMs[at] ?? 1_000 })),
      },
      entries: [
        ...more.map((name) => ({ name, module: `src/handlers/${name}.ts`, queue: null })),
        ...names.map((queue) => ({
          name: `worker-${queue.replaceAll('.', '-')}`,
          module: `src/workers/${queue}.ts`,
          queue,
        })),
      ],
    });
  });

/** Whatever parameters decide: each is left out, or given. */
export const anyArguments = fc.record(
  {
    MigrateCodeKey: fc.constant('next.zip'),
    Traffic: fc.constantFrom('on', 'off'),
    PublicUrl: fc.constant('https://integrations.example.com'),
    ReturnUrls: fc.constant('https://app.example.com'),
    AppSecretArn: fc.constant('arn:aws:secretsmanager:eu-central-1:123456789012:secret:app'),
    KmsKeyArn: fc.constant('arn:aws:kms:eu-central-1:123456789012:key/1'),
    ScheduleTimers: fc.constantFrom('tick', 'eventbridge'),
    FieldEncryption: fc.constantFrom('secret', 'kms'),
    SubnetIds: fc.constant('subnet-1,subnet-2'),
    SecurityGroupIds: fc.constant('sg-1'),
    DatabaseInstance: fc.constant('orders'),
    DatabaseSecretArn: fc.constant('arn:aws:secretsmanager:eu-central-1:123456789012:secret:db'),
    AlarmTopicArn: fc.constant('arn:aws:sns:eu-central-1:123456789012:alarms'),
  },
  { requiredKeys: [] },
);
