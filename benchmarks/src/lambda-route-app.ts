import express, { type Express } from 'express';

/** Thirty routes with a JSON body; the one that is called stands on place 20. */
export function createRouteApp(): Express {
  const app = express();
  app.use(express.json());
  for (let place = 1; place <= 30; place += 1) {
    const name = place === 20 ? 'items' : `others-${place}`;
    app.post(`/tenants/:tenant/${name}`, (request, response) => {
      const { name: item } = request.body as { name: string };
      response.status(201).json({ tenant: request.params.tenant, name: item, done: true });
    });
  }
  return app;
}
