import { ref, sub } from './template.js';
import type { Resources, Value } from './template.js';

const ADMINISTRATION: Value = {
  Sid: 'PoliciesOfTheAccountDecide',
  Effect: 'Allow',
  Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
  Action: 'kms:*',
  Resource: '*',
};

const LOGS: Value = {
  Sid: 'LogsOfThisStack',
  Effect: 'Allow',
  Principal: { Service: sub('logs.${AWS::Region}.${AWS::URLSuffix}') },
  Action: [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  Resource: '*',
  Condition: {
    ArnLike: {
      'kms:EncryptionContext:aws:logs:arn': sub(
        'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/tenon/${AWS::StackName}/*',
      ),
    },
  },
};

/**
 * The key and the secret, where none are named. They outlive the stack: what they open does, too. A stack that could not be
 * made leaves none behind.
 */
export function keyResources(): Resources {
  return {
    Key: {
      Type: 'AWS::KMS::Key',
      Condition: 'OwnKey',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        Description: sub('Queues, logs, secret and variables of ${AWS::StackName}'),
        EnableKeyRotation: true,
        KeyPolicy: { Version: '2012-10-17', Statement: [ADMINISTRATION, LOGS] },
      },
    },
    AppSecret: {
      Type: 'AWS::SecretsManager::Secret',
      Condition: 'OwnSecret',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        Description: sub('DATABASE_URL, keys and client secrets of ${AWS::StackName}'),
        KmsKeyId: { 'Fn::If': ['OwnKey', { 'Fn::GetAtt': ['Key', 'Arn'] }, ref('KmsKeyArn')] },
        GenerateSecretString: {
          SecretStringTemplate: '{}',
          GenerateStringKey: 'TENON_HEALTH_KEY',
          ExcludePunctuation: true,
          PasswordLength: 40,
        },
      },
    },
  };
}
