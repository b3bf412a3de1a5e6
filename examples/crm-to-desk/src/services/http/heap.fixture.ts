import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What lives on the JavaScript heap after a full collection, in bytes; for tests. */
export function heapAfterCollection(): number {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
