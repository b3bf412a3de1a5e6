-- CreateTable
CREATE TABLE "schedules" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "job" TEXT NOT NULL,
    "input" JSONB,
    "kind" TEXT NOT NULL,
    "cron" TEXT,
    "time_zone" TEXT NOT NULL,
    "every_ms" BIGINT,
    "run_at" TIMESTAMPTZ(3),
    "overlap" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "next_at" TIMESTAMPTZ(3),
    "last_started_at" TIMESTAMPTZ(3),
    "last_run_id" UUID,
    "missed" INTEGER NOT NULL,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "schedules_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "schedules_due_idx" ON "schedules"("next_at");

-- CreateIndex
CREATE INDEX "schedules_installation_idx" ON "schedules"("installation_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "schedules_list_idx" ON "schedules"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "schedules_name_key" ON "schedules"("installation_id", "name");
