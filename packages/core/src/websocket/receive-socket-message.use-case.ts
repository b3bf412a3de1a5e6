import type { AppContext } from '../platform/context.js';
import type { JsonObject } from '../platform/json.js';
import type { Repositories } from '../platform/persistence.port.js';
import { isTenonError } from '../platform/tenon.error.js';
import { errorText, messageText, parseRequest, requestIdOf } from './socket-protocol.js';
import type { SocketRequest } from './socket-protocol.js';
import { authorizeSubscription, publicTopic, storedTopic } from './socket-topics.js';
import type { TopicParts } from './socket-topics.js';
import { socketContext } from './socket-user.js';
import type { WebsocketConnection, WebsocketConnectionId } from './websocket-connection.js';
import { socketGone, tooManyTopics } from './websocket.errors.js';

/** The most topics that one connection hears. */
export const MAX_TOPICS_PER_SOCKET = 50;

type Repository = 'users' | 'tenants' | 'runs' | 'installations' | 'websocketConnections';

/** A message of a connected client. */
export interface ReceiveSocketInput {
  readonly connectionId: WebsocketConnectionId;
  readonly text: string;
}

/** Works on what a client sends, and answers what is to be sent back. */
export class ReceiveSocketMessage {
  constructor(
    private readonly parts: Omit<TopicParts, 'persistence'> & {
      readonly persistence: Pick<Repositories, Repository>;
    },
  ) {}

  /** Never throws: what is wrong is an answer of the type `error`. */
  async execute(
    context: AppContext,
    input: ReceiveSocketInput,
  ): Promise<{ readonly reply: string }> {
    try {
      const request = parseRequest(input.text);
      const { id } = request;
      const answer = await this.#answer(context, input.connectionId, request);
      return { reply: messageText({ ...answer, ...(id !== null && { id }) }) };
    } catch (error) {
      if (!isTenonError(error)) context.logger.error('A websocket message failed', { error });
      const id = requestIdOf(input.text.slice(0, 40_000));
      return { reply: errorText(error, { requestId: context.requestId, id }) };
    }
  }

  async #answer(
    context: AppContext,
    connectionId: WebsocketConnectionId,
    request: SocketRequest,
  ): Promise<JsonObject> {
    if (request.type === 'ping') return { type: 'pong' };
    const { persistence } = this.parts;
    const connection = await persistence.websocketConnections.findById(connectionId);
    if (!connection) throw socketGone();
    const user = await socketContext(persistence, context, connection);
    const { topic } = request;
    const stored = storedTopic(user, topic);
    const { tenantId, id } = connection;
    if (request.type === 'unsubscribe') {
      const topics = await persistence.websocketConnections.unsubscribe(tenantId, id, [stored]);
      return { type: 'unsubscribed', topic, topics: (topics ?? []).map(publicTopic) };
    }
    await authorizeSubscription(this.parts, user, topic);
    const topics = await this.#subscribe(connection, stored);
    return { type: 'subscribed', topic, topics: topics.map(publicTopic) };
  }

  async #subscribe(connection: WebsocketConnection, stored: string): Promise<readonly string[]> {
    const { websocketConnections } = this.parts.persistence;
    const { tenantId, id, topics } = connection;
    if (topics.includes(stored)) return topics;
    if (topics.length >= MAX_TOPICS_PER_SOCKET) throw tooManyTopics(MAX_TOPICS_PER_SOCKET);
    const after = await websocketConnections.subscribe(tenantId, id, [stored]);
    if (!after) throw socketGone();
    if (after.length <= MAX_TOPICS_PER_SOCKET) return after;
    // Others subscribed at the same moment.
    await websocketConnections.unsubscribe(tenantId, id, [stored]);
    throw tooManyTopics(MAX_TOPICS_PER_SOCKET);
  }
}
