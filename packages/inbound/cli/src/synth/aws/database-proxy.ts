import { serviceRole } from './policies.js';
import { ref, sub } from './template.js';
import type { Resources } from './template.js';

const PERCENT = 80;

/** A proxy before the database that the parameters name: functions share its connections. */
export function databaseProxy(): Resources {
  const { ProxyRole } = serviceRole('ProxyRole', 'rds.amazonaws.com', [
    ['secretsmanager:GetSecretValue'],
    ref('DatabaseSecretArn'),
  ]);
  return {
    ...(ProxyRole && { ProxyRole: { ...ProxyRole, Condition: 'HasProxy' } }),
    Proxy: {
      Type: 'AWS::RDS::DBProxy',
      Condition: 'HasProxy',
      Properties: {
        DBProxyName: sub('${AWS::StackName}'),
        EngineFamily: 'POSTGRESQL',
        RequireTLS: true,
        RoleArn: { 'Fn::GetAtt': ['ProxyRole', 'Arn'] },
        Auth: [{ AuthScheme: 'SECRETS', IAMAuth: 'DISABLED', SecretArn: ref('DatabaseSecretArn') }],
        VpcSubnetIds: ref('SubnetIds'),
        VpcSecurityGroupIds: ref('SecurityGroupIds'),
      },
    },
    ProxyTargets: {
      Type: 'AWS::RDS::DBProxyTargetGroup',
      Condition: 'HasProxy',
      Properties: {
        DBProxyName: ref('Proxy'),
        TargetGroupName: 'default',
        DBInstanceIdentifiers: [ref('DatabaseInstance')],
        ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: PERCENT },
      },
    },
  };
}
