import express from 'express';
import serverlessHttp from 'serverless-http';

const app = express();
app.get('/health/live', (_request, response) => {
  response.json({ status: 'up' });
});

/** What is compared with: Express behind `serverless-http`, one route, no app. */
export const handler = serverlessHttp(app);
