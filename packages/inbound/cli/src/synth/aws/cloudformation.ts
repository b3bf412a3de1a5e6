import type { FunctionRole, ServerlessShape } from '../serverless-shape.js';
import { functionAlarm, queueAlarms } from './alarms.js';
import { databaseProxy } from './database-proxy.js';
import { functionResources, PUBLIC_URL } from './functions.js';
import { httpApi, websocketApi } from './gateways.js';
import { keyResources } from './keys.js';
import { functionId } from './logical-ids.js';
import { conditions, parameters, rules } from './parameters.js';
import { KEY_ARN, SECRET_ARN } from './policies.js';
import { queueResources } from './queues.js';
import { scheduleResources } from './schedule.js';
import { attribute, ref, sub } from './template.js';
import { timerResources } from './timers.js';
import type { Properties, Resource, Resources, Template } from './template.js';

function join(parts: readonly Resources[]): Resources {
  const joined = new Map<string, Resource>();
  for (const [id, resource] of parts.flatMap((part) => Object.entries(part))) {
    if (joined.has(id)) throw new Error(`Two resources are called ${id}`);
    joined.set(id, resource);
  }
  return Object.fromEntries([...joined].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function resourcesOf(app: ServerlessShape): Resources {
  const { functions, queues } = app;
  const only = (role: FunctionRole, make: (name: string) => Resources): Resources[] =>
    functions.filter((each) => each.role === role).map(({ name }) => make(name));
  const workers = functions.flatMap((worker) =>
    worker.queue === null ? [] : [queueResources(worker.queue, worker)],
  );
  return join([
    keyResources(),
    databaseProxy(),
    ...functions.map((each) => functionResources(each, app)),
    ...functions.map(functionAlarm),
    ...workers,
    ...queues.map(queueAlarms),
    ...only('api', httpApi),
    ...only('websocket', websocketApi),
    ...only('schedule', scheduleResources),
    ...only('schedule', timerResources),
  ]);
}

function outputsOf({ functions }: ServerlessShape): Properties {
  const has = (role: FunctionRole): boolean => functions.some((each) => each.role === role);
  const migrate = functions.find(({ role }) => role === 'migrate');
  return {
    KmsKeyArn: { Description: 'The key that encrypts everything', Value: KEY_ARN },
    SecretArn: { Description: 'The secret to fill in', Value: SECRET_ARN },
    ProxyEndpoint: {
      Condition: 'HasProxy',
      Description: 'Host for DATABASE_URL',
      Value: attribute('Proxy', 'Endpoint'),
    },
    ...(has('api') && { ApiUrl: { Description: 'Where the API is reached', Value: PUBLIC_URL } }),
    ...(migrate && {
      MigrateFunction: {
        Description: 'To be invoked once per release',
        Value: ref(functionId(migrate.name)),
      },
    }),
    ...(has('websocket') && {
      WebsocketUrl: {
        Description: 'Where websockets are opened',
        Value: sub('wss://${WebsocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live'),
      },
    }),
  };
}

/** The CloudFormation template of an app. Plain data: the same shape makes the same text. */
export function cloudFormation(app: ServerlessShape): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `${app.name}, made by tenon synth`,
    Parameters: parameters,
    Rules: rules,
    Conditions: conditions,
    Resources: resourcesOf(app),
    Outputs: outputsOf(app),
  };
}
