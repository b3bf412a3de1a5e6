/** The part of `ApiGatewayManagementApi` of `@aws-sdk/client-apigatewaymanagementapi` that is used. */
export interface GatewayLike {
  postToConnection(
    input: { ConnectionId: string; Data: Uint8Array },
    options?: { abortSignal?: AbortSignal },
  ): Promise<unknown>;
  destroy?(): void;
}

/** Settings of the client that is made when none is given. */
export interface GatewayClientSettings {
  /** The stage's address: `https://<api>.execute-api.<region>.amazonaws.com/<stage>`. */
  readonly endpoint: string;
  /** Default: that of the address, else `AWS_REGION`. */
  readonly region?: string;
}
