-- Contract: deploy it once no process of an older version writes users.organization_id. What one wrote since the copy comes along.
INSERT INTO "memberships" ("id", "tenant_id", "organization_id", "user_id", "role", "created_at", "updated_at", "version")
SELECT gen_random_uuid(), u."tenant_id", u."organization_id", u."id", 'member', u."created_at", u."created_at", 1
FROM "users" AS u JOIN "users" AS o ON o."id" = u."organization_id" AND o."tenant_id" = u."tenant_id"
ON CONFLICT ("organization_id", "user_id") DO NOTHING;

-- DropIndex
DROP INDEX "users_organization_idx";

-- AlterTable
ALTER TABLE "users" DROP COLUMN "organization_id";
