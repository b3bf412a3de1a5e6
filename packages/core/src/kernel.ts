/**
 * The part of the core that entries need before the app is loaded: errors, options, contexts. A door of its own, because a
 * bundler that splits code loads with a door all that anybody takes through it: functions that load their app with the first
 * message would load the whole core before.
 */
export { DeadlineExceededError, MisconfiguredError } from './platform/common.errors.js';
export { systemContext } from './platform/context.js';
export { silentLogger } from './platform/logger.port.js';
export { rejectUnknownKeys, validateOptions } from './platform/options.js';
export { isTenonError, TenonError } from './platform/tenon.error.js';
