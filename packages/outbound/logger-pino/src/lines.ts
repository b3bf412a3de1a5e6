export { createLineLogger } from './line-logger.js';
export type { LineLoggerOptions } from './line-logger.js';
export type { LogLevel } from './log-level.js';
