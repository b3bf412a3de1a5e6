import { logGroup } from './functions.js';
import { functionId } from './logical-ids.js';
import { arn, attribute, join, ref, sub } from './template.js';
import type { Resource, Resources, Value } from './template.js';

// No query: it holds the codes and states of connecting.
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latency: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
};

function permission(name: string, api: string): Resource {
  return {
    Type: 'AWS::Lambda::Permission',
    Condition: 'TakesTraffic',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: ref(functionId(name)),
      Principal: 'apigateway.amazonaws.com',
      SourceAccount: ref('AWS::AccountId'),
      SourceArn: arn('execute-api', `\${${api}}/*`),
    },
  };
}

const route = (api: string, integration: string, key: string): Resource => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: ref(api),
    RouteKey: key,
    Target: join('/', ['integrations', ref(integration)]),
  },
});

const throttling: Value = {
  ThrottlingBurstLimit: ref('ApiRequestsPerSecond'),
  ThrottlingRateLimit: ref('ApiRequestsPerSecond'),
};

/** The HTTP API: everything goes to one function. */
export function httpApi(name: string): Resources {
  return {
    HttpApi: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: sub('${AWS::StackName}'), ProtocolType: 'HTTP' },
    },
    HttpIntegration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('HttpApi'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: attribute(functionId(name), 'Arn'),
        PayloadFormatVersion: '2.0',
      },
    },
    HttpRoute: route('HttpApi', 'HttpIntegration', '$default'),
    HttpLogs: logGroup('access'),
    HttpStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ApiId: ref('HttpApi'),
        StageName: '$default',
        AutoDeploy: true,
        AccessLogSettings: {
          DestinationArn: attribute('HttpLogs', 'Arn'),
          Format: JSON.stringify(ACCESS_LOG),
        },
        DefaultRouteSettings: throttling,
      },
    },
    HttpPermission: permission(name, 'HttpApi'),
  };
}

/** The route of messages. What the function returns goes back to the client: without a response of the route it would be dropped. */
function answeredRoute(): Resources {
  const messages = route('WebsocketApi', 'WebsocketIntegration', '$default');
  return {
    WebsocketDefault: {
      ...messages,
      Properties: { ...messages.Properties, RouteResponseSelectionExpression: '$default' },
    },
    WebsocketAnswer: {
      Type: 'AWS::ApiGatewayV2::RouteResponse',
      Properties: {
        ApiId: ref('WebsocketApi'),
        RouteId: ref('WebsocketDefault'),
        RouteResponseKey: '$default',
      },
    },
  };
}

/** The websocket API: connections, disconnections and messages go to one function. */
export function websocketApi(name: string): Resources {
  const id = functionId(name);
  return {
    WebsocketApi: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: sub('${AWS::StackName}-websocket'),
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.action',
      },
    },
    WebsocketIntegration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('WebsocketApi'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: sub(
          `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${id}.Arn}/invocations`,
        ),
      },
    },
    WebsocketConnect: route('WebsocketApi', 'WebsocketIntegration', '$connect'),
    WebsocketDisconnect: route('WebsocketApi', 'WebsocketIntegration', '$disconnect'),
    ...answeredRoute(),
    WebsocketStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ApiId: ref('WebsocketApi'),
        StageName: 'live',
        AutoDeploy: true,
        DefaultRouteSettings: throttling,
      },
    },
    WebsocketPermission: permission(name, 'WebsocketApi'),
  };
}
