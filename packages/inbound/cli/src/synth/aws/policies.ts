import type { FunctionShape, ServerlessShape } from '../serverless-shape.js';
import { logsId, queueId, roleId } from './logical-ids.js';
import { allow, timersOfGroup } from './permissions.js';
import { arn, attribute, ref, sub, when } from './template.js';
import type { Resources, Value } from './template.js';

/** The key that encrypts everything: ours, or the one that was named. */
export const KEY_ARN = when('OwnKey', attribute('Key', 'Arn'), ref('KmsKeyArn'));
/** The secret that the functions read. */
export const SECRET_ARN = when('OwnSecret', ref('AppSecret'), ref('AppSecretArn'));

/** Who may take a role on. */
export const trust = (service: string): Value => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});

// These actions know no resources: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
const networkInterfaces = when(
  'InVpc',
  allow(
    [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    ['*'],
  ),
);

const queueArns = (queues: readonly string[]): Value[] =>
  queues.map((queue) => attribute(queueId(queue), 'Arn'));

/** Whether a function stores schedules, or compares them with their timers. */
export const hasTimers = ({ role }: FunctionShape, { functions }: ServerlessShape): boolean =>
  (role === 'api' || role === 'schedule') && functions.some((each) => each.role === 'schedule');

const SENDS = new Set(['api', 'worker', 'schedule', 'websocket']);

/** Making and removing timers of stored schedules, in the group of this stack. */
const keepsTimers = [
  when(
    'HasTimers',
    allow(['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'], [timersOfGroup]),
  ),
  // Lists know no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
  when('HasTimers', allow(['scheduler:ListSchedules'], ['*'])),
  when('HasTimers', allow(['iam:PassRole'], [attribute('TimerRole', 'Arn')])),
];

function statementsOf(shape: FunctionShape, app: ServerlessShape): Value[] {
  const { name, role, queue } = shape;
  const sends = SENDS.has(role);
  const pushes = app.functions.some((each) => each.role === 'websocket') && sends;
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [attribute(logsId(name), 'Arn')]),
    allow(['secretsmanager:GetSecretValue'], [SECRET_ARN]),
    allow(sends ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'], [KEY_ARN]),
    ...(sends ? [allow(['sqs:GetQueueAttributes', 'sqs:SendMessage'], queueArns(app.queues))] : []),
    ...(queue === null
      ? []
      : [
          allow(
            ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'],
            queueArns([queue]),
          ),
        ]),
    ...(pushes
      ? [
          allow(
            ['execute-api:ManageConnections'],
            [arn('execute-api', '${WebsocketApi}/live/POST/@connections/*')],
          ),
        ]
      : []),
    ...(hasTimers(shape, app) ? keepsTimers : []),
    networkInterfaces,
  ];
}

/** A function's role: what this function does, and nothing else. */
export function functionRole(shape: FunctionShape, app: ServerlessShape): Resources {
  return {
    [roleId(shape.name)]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Description: sub(`Function ${shape.name} of \${AWS::StackName}`),
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
        Policies: [
          {
            PolicyName: 'function',
            PolicyDocument: { Version: '2012-10-17', Statement: statementsOf(shape, app) },
          },
        ],
      },
    },
  };
}

/** A role that may do one thing. */
export function serviceRole(
  id: string,
  service: string,
  [actions, resource]: [string[], Value],
): Resources {
  return {
    [id]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust(service),
        Policies: [
          {
            PolicyName: 'service',
            PolicyDocument: { Version: '2012-10-17', Statement: [allow(actions, [resource])] },
          },
        ],
      },
    },
  };
}
