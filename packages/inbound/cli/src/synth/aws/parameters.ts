import type { Properties, Value } from './template.js';

const RETENTION = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

const text = (description: string, more: Properties = {}): Value => ({
  Type: 'String',
  Default: '',
  Description: description,
  ...more,
});

const whole = (description: string, value: number, [min, max]: [number, number]): Value => ({
  Type: 'Number',
  Default: value,
  MinValue: min,
  MaxValue: max,
  Description: description,
});

/** What is decided when a stack is made. What exists already is named here; what is not named is made. */
export const parameters: Properties = {
  CodeBucket: { Type: 'String', MinLength: 3, Description: 'Bucket of the functions, as a zip' },
  CodeKey: {
    Type: 'String',
    MinLength: 1,
    Description: 'Key of the zip; a new one for each release',
  },
  MigrateCodeKey: text('Key of the zip for the migration alone; empty: that of the others'),
  Traffic: {
    Type: 'String',
    Default: 'on',
    AllowedValues: ['on', 'off'],
    Description: 'off: nothing calls the functions, until the first migration is done',
  },
  PublicUrl: text('Where browsers and providers reach the API; empty: the address of the gateway'),
  ReturnUrls: text('Where browsers may go after connecting, with commas between'),
  AppSecretArn: text('Secret with DATABASE_URL and keys; empty: one is made, to be filled in'),
  KmsKeyArn: text('Key that encrypts queues, logs, secret and variables; empty: one is made'),
  FieldEncryption: {
    Type: 'String',
    Default: 'secret',
    AllowedValues: ['secret', 'kms'],
    Description:
      'Credentials are encrypted with TENON_ENCRYPTION_KEYS of the secret, or with the KMS key',
  },
  ScheduleTimers: {
    Type: 'String',
    Default: 'tick',
    AllowedValues: ['tick', 'eventbridge'],
    Description:
      'Stored schedules are started by the tick of every minute, or by timers of their own at EventBridge Scheduler; with timers, the stack has a name of 55 characters at most',
  },
  SubnetIds: {
    Type: 'CommaDelimitedList',
    Default: '',
    Description: 'Subnets of the functions, with a way to the internet; empty: no VPC',
  },
  SecurityGroupIds: {
    Type: 'CommaDelimitedList',
    Default: '',
    Description: 'Security groups of the functions in their subnets',
  },
  DatabaseInstance: text('RDS instance (PostgreSQL) to put a proxy before; empty: no proxy'),
  DatabaseSecretArn: text("Secret with the database's username and password, for the proxy"),
  AlarmTopicArn: text('SNS topic that alarms notify; empty: nobody is notified'),
  LogRetentionDays: {
    Type: 'Number',
    Default: 30,
    AllowedValues: RETENTION,
    Description: 'Days that logs are kept',
  },
  LogLevel: {
    Type: 'String',
    Default: 'info',
    AllowedValues: ['debug', 'info', 'warn', 'error'],
    Description: 'What is logged',
  },
  MemoryMb: whole(
    'Memory of each function, which also decides its share of a processor',
    1024,
    [256, 10_240],
  ),
  WorkerConcurrency: whole('How many times each worker runs at once at most', 5, [2, 1000]),
  WorkerPoolSize: whole(
    'Database connections of one worker; times concurrency below what the server allows',
    2,
    [1, 200],
  ),
  ApiRequestsPerSecond: whole(
    'Requests per second that the gateway lets through',
    500,
    [1, 10_000],
  ),
};

const isEmpty = (name: string): Value => ({ 'Fn::Equals': [{ Ref: name }, ''] });
const isGiven = (name: string): Value => ({ 'Fn::Not': [isEmpty(name)] });
const isListGiven = (name: string): Value => ({
  'Fn::Not': [{ 'Fn::EachMemberEquals': [{ Ref: name }, ''] }],
});

/** What depends on the parameters. */
export const conditions: Properties = {
  MigratesFirst: isGiven('MigrateCodeKey'),
  TakesTraffic: { 'Fn::Equals': [{ Ref: 'Traffic' }, 'on'] },
  OwnUrl: isEmpty('PublicUrl'),
  HasReturnUrls: isGiven('ReturnUrls'),
  OwnSecret: isEmpty('AppSecretArn'),
  OwnKey: isEmpty('KmsKeyArn'),
  HasTimers: { 'Fn::Equals': [{ Ref: 'ScheduleTimers' }, 'eventbridge'] },
  FieldsByKms: { 'Fn::Equals': [{ Ref: 'FieldEncryption' }, 'kms'] },
  InVpc: { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { Ref: 'SubnetIds' }] }, ''] }] },
  HasProxy: isGiven('DatabaseInstance'),
  HasAlarmTopic: isGiven('AlarmTopicArn'),
};

/** What parameters mean only together. */
export const rules: Properties = {
  SubnetsNeedSecurityGroups: {
    RuleCondition: isListGiven('SubnetIds'),
    Assertions: [
      {
        Assert: isListGiven('SecurityGroupIds'),
        AssertDescription: 'SubnetIds needs SecurityGroupIds',
      },
    ],
  },
  ProxyNeedsItsSecretAndSubnets: {
    RuleCondition: isGiven('DatabaseInstance'),
    Assertions: [
      {
        Assert: isGiven('DatabaseSecretArn'),
        AssertDescription: 'DatabaseInstance needs DatabaseSecretArn',
      },
      {
        Assert: isListGiven('SubnetIds'),
        AssertDescription: 'DatabaseInstance needs SubnetIds',
      },
    ],
  },
};
