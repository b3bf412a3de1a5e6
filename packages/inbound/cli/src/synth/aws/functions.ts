import type { FunctionShape, ServerlessShape } from '../serverless-shape.js';
import { functionId, logsId, queueId, roleId } from './logical-ids.js';
import { scheduleFunctionArn, scheduleFunctionName, scheduleGroup } from './permissions.js';
import { functionRole, hasTimers, KEY_ARN, SECRET_ARN } from './policies.js';
import { attribute, NOTHING, ref, sub, when } from './template.js';
import type { Properties, Resource, Resources, Value } from './template.js';

/** A log group that the key encrypts and that forgets in time. */
export function logGroup(name: string): Resource {
  return {
    Type: 'AWS::Logs::LogGroup',
    Properties: {
      LogGroupName: sub(`/tenon/\${AWS::StackName}/${name}`),
      KmsKeyId: KEY_ARN,
      RetentionInDays: ref('LogRetentionDays'),
    },
  };
}

/** Where browsers and providers reach the API. */
export const PUBLIC_URL = when(
  'OwnUrl',
  sub('https://${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}'),
  ref('PublicUrl'),
);

/** Timers call the schedule function; who stores schedules makes them. */
const timerVariables: Properties = {
  TENON_SCHEDULER_GROUP: when('HasTimers', scheduleGroup),
  TENON_SCHEDULER_TARGET_ARN: when('HasTimers', scheduleFunctionArn),
  TENON_SCHEDULER_ROLE_ARN: when('HasTimers', attribute('TimerRole', 'Arn')),
  TENON_SCHEDULER_DEAD_LETTER_ARN: when('HasTimers', attribute('TimerDeadLetters', 'Arn')),
};

function variables(shape: FunctionShape, app: ServerlessShape): Properties {
  const { role } = shape;
  const { queues, functions } = app;
  const urls = queues.map((queue) => `${queue}=\${${queueId(queue)}}`);
  const hasApi = functions.some((each) => each.role === 'api');
  const hasWebsocket = functions.some((each) => each.role === 'websocket');
  return {
    APP_SECRET_ID: SECRET_ARN,
    TENON_DATABASE_POOL_SIZE: role === 'worker' ? ref('WorkerPoolSize') : '1',
    TENON_KMS_KEY_ARN: when('FieldsByKms', KEY_ARN),
    TENON_LOG_LEVEL: ref('LogLevel'),
    TENON_PUBLIC_URL: hasApi ? PUBLIC_URL : when('OwnUrl', NOTHING, ref('PublicUrl')),
    TENON_QUEUE_URLS: sub(urls.join(',')),
    TENON_RETURN_URLS: when('HasReturnUrls', ref('ReturnUrls')),
    ...(hasTimers(shape, app) && timerVariables),
    ...(hasWebsocket && {
      WEBSOCKET_ENDPOINT: sub(
        'https://${WebsocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live',
      ),
    }),
  };
}

/** A migration may have the code of the release to come: it runs before the others change. */
function codeKey({ role }: FunctionShape): Value {
  const key = ref('CodeKey');
  return role === 'migrate' ? when('MigratesFirst', ref('MigrateCodeKey'), key) : key;
}

function lambda(shape: FunctionShape, app: ServerlessShape): Resource {
  const { name, role, timeoutSeconds } = shape;
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      ...(role === 'schedule' && { FunctionName: when('HasTimers', scheduleFunctionName) }),
      Description: `${app.name}: ${name}`,
      Architectures: ['arm64'],
      Runtime: app.runtime,
      Handler: `${name}.handler`,
      Code: { S3Bucket: ref('CodeBucket'), S3Key: codeKey(shape) },
      Role: attribute(roleId(name), 'Arn'),
      KmsKeyArn: KEY_ARN,
      MemorySize: ref('MemoryMb'),
      Timeout: timeoutSeconds,
      LoggingConfig: { LogGroup: ref(logsId(name)) },
      Environment: { Variables: variables(shape, app) },
      VpcConfig: when('InVpc', {
        SubnetIds: ref('SubnetIds'),
        SecurityGroupIds: ref('SecurityGroupIds'),
      }),
    },
  };
}

/** A function with its log and a role of its own. */
export function functionResources(shape: FunctionShape, app: ServerlessShape): Resources {
  return {
    [functionId(shape.name)]: lambda(shape, app),
    [logsId(shape.name)]: logGroup(shape.name),
    ...functionRole(shape, app),
  };
}
