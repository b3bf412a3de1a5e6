-- CreateTable
CREATE TABLE "memberships" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "memberships_list_idx" ON "memberships"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "memberships_organization_idx" ON "memberships"("organization_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "memberships_user_idx" ON "memberships"("user_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "memberships_member_key" ON "memberships"("organization_id", "user_id");

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Expand: what users.organization_id says so far. The next migration drops the column.
INSERT INTO "memberships" ("id", "tenant_id", "organization_id", "user_id", "role", "created_at", "updated_at", "version")
SELECT gen_random_uuid(), u."tenant_id", u."organization_id", u."id", 'member', u."created_at", u."created_at", 1
FROM "users" AS u JOIN "users" AS o ON o."id" = u."organization_id" AND o."tenant_id" = u."tenant_id"
ON CONFLICT ("organization_id", "user_id") DO NOTHING;
