export { createTenon } from './create-tenon.js';
