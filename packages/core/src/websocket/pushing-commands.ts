import type { Commands } from '../app/commands.js';
import type { SocketPush } from './socket-push.js';

type AnyCommand = (context: never, input: never) => unknown;

/**
 * The commands, telling browsers what each of them did before it ends: after the answer a function on Lambda stands still. Where
 * events are told by themselves, and for commands that answer streams, nothing is added.
 */
export function pushingCommands(commands: Commands, push: SocketPush): Commands {
  if (!push.flushes) return commands;
  const pushing =
    (command: AnyCommand): AnyCommand =>
    (context, input) => {
      const result = command(context, input);
      if (!(result instanceof Promise)) return result;
      return result.finally(() => (push.flushes ? push.flush() : undefined));
    };
  const groups = Object.entries(commands).map(([group, members]) => {
    const each = Object.entries(members as Readonly<Record<string, AnyCommand>>);
    return [group, Object.fromEntries(each.map(([name, command]) => [name, pushing(command)]))];
  });
  return Object.fromEntries(groups) as Commands;
}
