import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that may become half open: it takes connections and bytes, and nothing comes through. */
export interface HalfOpenProxy {
  readonly port: number;
  /** Whether bytes disappear while connections stay open. */
  swallow(on: boolean): void;
  /** How many connections were made to it. */
  readonly connections: number;
  close(): Promise<void>;
}

/** Stands between a client and the server on a port of this machine. */
export async function startHalfOpenProxy(target: number): Promise<HalfOpenProxy> {
  let swallowing = false;
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((inside) => {
    connections += 1;
    const outside = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => swallowing || to.write(chunk));
      from.on('close', () => to.destroy());
      from.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    get connections() {
      return connections;
    },
    swallow(on) {
      swallowing = on;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
