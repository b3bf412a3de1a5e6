import { defineConfig } from 'prisma/config';

// For people who have Prisma's own engine: `npx prisma migrate …` works on the same folder.
export default defineConfig({
  schema: 'prisma-postgresql/schema.prisma',
  migrations: { path: 'prisma-postgresql/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://localhost:5432/tenon' },
});
