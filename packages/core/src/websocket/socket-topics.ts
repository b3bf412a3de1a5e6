import type { InstallationId } from '../installation/installation.js';
import { visibleInstallation } from '../installation/visible-installation.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { RunId } from '../run/run.js';
import { visibleRun } from '../run/visible-run.js';
import type { UserId } from '../user/user.js';
import { topicForbidden, topicUnknown } from './websocket.errors.js';

/** Decides who hears a topic of the app's own, `custom/<name>`. `name` is what stands behind the slash. */
export type AuthorizeTopic = (context: Context, name: string) => Promise<boolean> | boolean;

/** What deciding about topics needs. */
export interface TopicParts {
  readonly persistence: Pick<Repositories, 'runs' | 'installations'>;
  /** Absent: nobody hears topics of the app's own. */
  readonly authorizeTopic?: AuthorizeTopic | undefined;
}

const TOPIC = /^(?:(connections)|(runs|installations|custom)\/([\w.:/-]{1,150}))$/;
const CUSTOM = 'custom/';

/** True for topics of the app's own. */
export function isCustomTopic(topic: string): boolean {
  return topic.startsWith(CUSTOM) && TOPIC.test(topic);
}

/** The topics that hear of an account: that of its owner, and that of those who see the whole tenant. */
export const connectionTopics = (owner: UserId): readonly string[] => [
  'connections',
  `connections/of/${owner}`,
];

/** What a client calls a topic that is stored for it. */
export function publicTopic(stored: string): string {
  return stored.startsWith('connections') ? 'connections' : stored;
}

/** The name under which a topic is stored for this user, who hears of their own accounts only unless they see the whole tenant. */
export function storedTopic({ visibility, userId }: Context, topic: string): string {
  if (topic !== 'connections' || visibility === 'tenant' || userId === null) return topic;
  return `connections/of/${userId}`;
}

/**
 * @throws ValidationError `WEBSOCKET_TOPIC_UNKNOWN`; ForbiddenError; NotFoundError, the same for what is not there and what
 * belongs to others.
 */
export async function authorizeSubscription(
  { persistence, authorizeTopic }: TopicParts,
  context: Context,
  topic: string,
): Promise<void> {
  const [, connections, kind, name = ''] = TOPIC.exec(topic) ?? [];
  if (connections !== undefined) {
    requireScope(context, 'connections:read');
  } else if (kind === 'runs') {
    requireScope(context, 'runs:read');
    await visibleRun(persistence, context, name as RunId);
  } else if (kind === 'installations') {
    requireScope(context, 'installations:read');
    await visibleInstallation(persistence, context, name as InstallationId);
  } else if (kind === 'custom') {
    if (!(await authorizeTopic?.(context, name))) throw topicForbidden(topic);
  } else {
    throw topicUnknown(topic);
  }
}
