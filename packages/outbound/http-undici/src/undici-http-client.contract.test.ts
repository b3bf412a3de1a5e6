import { httpClientContract } from '@tenon/testing';
import { createUndiciHttpClient } from './create-undici-http-client.js';

httpClientContract('undici', {
  make: () => createUndiciHttpClient({ egress: { allow: ['127.0.0.1', 'localhost'] } }),
});
