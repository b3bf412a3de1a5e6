import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ServiceError } from './service-error.js';

/** Starts to listen on 127.0.0.1 and tells the address; port 0 takes a free one. */
export async function listenOnLoopback(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stops listening, ends idle and running connections, and waits for both. */
export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

/** Refuses a call to the control endpoints that does not come from this machine. */
export function requireLoopback(request: IncomingMessage): void {
  const address = request.socket.remoteAddress ?? '';
  if (address === '::1' || /^(::ffff:)?127\./.test(address)) return;
  throw new ServiceError(403, 'loopback_only', {
    message: 'The control endpoints answer only on this machine.',
  });
}
