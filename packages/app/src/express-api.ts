export { createApi } from '@tenon/http-express/api';
