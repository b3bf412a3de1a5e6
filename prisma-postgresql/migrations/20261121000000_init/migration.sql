-- CreateTable
CREATE TABLE "tenants" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "username" TEXT,
    "email" TEXT,
    "app_user_id" TEXT,
    "organization_id" UUID,
    "password_hash" JSONB,
    "status" TEXT NOT NULL,
    "failed_logins" INTEGER NOT NULL,
    "locked_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tokens" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connections" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "connector" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "profile" JSONB NOT NULL,
    "scopes" TEXT[],
    "problem" JSONB,
    "last_tested_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credentials" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "material" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "refresh_fence" BIGINT,
    "refresh_started_at" TIMESTAMPTZ(3),
    "refresh_not_before" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "credentials_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "authorization_sessions" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "connector" TEXT NOT NULL,
    "connection_id" UUID,
    "state_hash" TEXT NOT NULL,
    "browser_hash" TEXT NOT NULL,
    "code_verifier" TEXT NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "return_to" TEXT,
    "name" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "authorization_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "installations" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "integration" TEXT NOT NULL,
    "integration_version" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "connections" JSONB NOT NULL,
    "connection_ids" UUID[],
    "connections_key" TEXT NOT NULL,
    "messages" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "installations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mappings" (
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "kind" VARCHAR(100) COLLATE "C" NOT NULL,
    "source_id" VARCHAR(500) COLLATE "C" NOT NULL,
    "target_id" TEXT,
    "hash" TEXT,
    "state" JSONB,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mappings_pkey" PRIMARY KEY ("installation_id","kind","source_id")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "job" TEXT NOT NULL,
    "input" JSONB,
    "parent_id" UUID,
    "key" TEXT,
    "state" TEXT NOT NULL,
    "total" BIGINT,
    "processed" BIGINT NOT NULL,
    "succeeded" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "skipped" BIGINT NOT NULL,
    "checkpoint" JSONB,
    "pending_jobs" INTEGER NOT NULL,
    "dead_jobs" INTEGER NOT NULL,
    "error" JSONB,
    "result" JSONB,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "installation_id" UUID NOT NULL,
    "owner" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "keep_until" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("tenant_id","key")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "position" BIGSERIAL NOT NULL,
    "queue" TEXT NOT NULL,
    "group_id" TEXT,
    "delay_ms" INTEGER NOT NULL,
    "message" JSONB NOT NULL,
    "available_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dead_letters" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "run_id" UUID,
    "queue" TEXT NOT NULL,
    "group_id" TEXT,
    "message" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "error" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dead_letters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "leases" (
    "key" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "fence" BIGINT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "leases_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "webhook_endpoints" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "slot" TEXT NOT NULL,
    "connection_id" UUID NOT NULL,
    "connector" TEXT NOT NULL,
    "signing_secret" TEXT,
    "external_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "delivery_key" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "tenants_list_idx" ON "tenants"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "users_list_idx" ON "users"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "users_organization_idx" ON "users"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "users_username_key" ON "users"("tenant_id", "username");

-- CreateIndex
CREATE UNIQUE INDEX "users_app_user_id_key" ON "users"("app_user_id");

-- CreateIndex
CREATE INDEX "tokens_list_idx" ON "tokens"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "tokens_user_idx" ON "tokens"("user_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "connections_list_idx" ON "connections"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "connections_user_idx" ON "connections"("user_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "connections_account_key" ON "connections"("tenant_id", "user_id", "connector", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "credentials_connection_key" ON "credentials"("connection_id");

-- CreateIndex
CREATE INDEX "authorization_sessions_expiry_idx" ON "authorization_sessions"("expires_at");

-- CreateIndex
CREATE INDEX "authorization_sessions_connection_idx" ON "authorization_sessions"("connection_id");

-- CreateIndex
CREATE UNIQUE INDEX "authorization_sessions_state_key" ON "authorization_sessions"("state_hash");

-- CreateIndex
CREATE INDEX "installations_list_idx" ON "installations"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "installations_user_idx" ON "installations"("user_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "installations_schedule_idx" ON "installations"("integration", "status", "id");

-- CreateIndex
CREATE INDEX "installations_connection_ids_idx" ON "installations" USING GIN ("connection_ids");

-- CreateIndex
CREATE UNIQUE INDEX "installations_connections_key" ON "installations"("tenant_id", "integration", "connections_key");

-- CreateIndex
CREATE INDEX "mappings_target_idx" ON "mappings"("installation_id", "kind", "target_id");

-- CreateIndex
CREATE INDEX "runs_list_idx" ON "runs"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "runs_installation_idx" ON "runs"("installation_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "runs_parent_idx" ON "runs"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "runs_key" ON "runs"("installation_id", "key");

-- CreateIndex
CREATE INDEX "inbox_expiry_idx" ON "inbox"("keep_until");

-- CreateIndex
CREATE INDEX "inbox_installation_idx" ON "inbox"("installation_id");

-- CreateIndex
CREATE INDEX "outbox_order_idx" ON "outbox"("position", "available_at");

-- CreateIndex
CREATE INDEX "outbox_age_idx" ON "outbox"("created_at");

-- CreateIndex
CREATE INDEX "dead_letters_list_idx" ON "dead_letters"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "dead_letters_installation_idx" ON "dead_letters"("installation_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "dead_letters_run_idx" ON "dead_letters"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_endpoints_slot_key" ON "webhook_endpoints"("installation_id", "slot");

-- CreateIndex
CREATE INDEX "webhook_deliveries_list_idx" ON "webhook_deliveries"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "webhook_deliveries_installation_idx" ON "webhook_deliveries"("installation_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "webhook_deliveries_key" ON "webhook_deliveries"("endpoint_id", "delivery_key");

-- AddForeignKey
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_sessions" ADD CONSTRAINT "authorization_sessions_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoints"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Room for updates in place: these rows change many times before they go.
ALTER TABLE "runs" SET (fillfactor = 80);
ALTER TABLE "leases" SET (fillfactor = 80);
ALTER TABLE "inbox" SET (fillfactor = 90);
