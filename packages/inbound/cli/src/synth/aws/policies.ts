import type { FunctionShape, ServerlessShape } from '../serverless-shape.js';
import { logsId, queueId, roleId } from './logical-ids.js';
import { arn, attribute, ref, sub, when } from './template.js';
import type { Resources, Value } from './template.js';

/** The key that encrypts everything: ours, or the one that was named. */
export const KEY_ARN = when('OwnKey', attribute('Key', 'Arn'), ref('KmsKeyArn'));
/** The secret that the functions read. */
export const SECRET_ARN = when('OwnSecret', ref('AppSecret'), ref('AppSecretArn'));

const allow = (actions: readonly string[], resources: readonly Value[]): Value => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources.length === 1 && resources[0] !== undefined ? resources[0] : resources,
});

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

const SENDS = new Set(['api', 'worker', 'schedule', 'websocket']);

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
