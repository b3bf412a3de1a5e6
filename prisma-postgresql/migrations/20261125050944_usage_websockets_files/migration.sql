-- CreateTable
CREATE TABLE "usage_counters" (
    "tenant_id" UUID NOT NULL,
    "metric" VARCHAR(100) COLLATE "C" NOT NULL,
    "window_unit" TEXT COLLATE "C" NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "installation_id" UUID NOT NULL,
    "count" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_counters_pkey" PRIMARY KEY ("tenant_id","metric","window_unit","window_start","installation_id")
);

-- CreateTable
CREATE TABLE "websocket_connections" (
    "id" TEXT COLLATE "C" NOT NULL,
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "topics" TEXT[],
    "endpoint" TEXT NOT NULL,
    "connected_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "websocket_connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "files" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID,
    "name" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "checksum" TEXT,
    "location" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "metadata" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "files_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "usage_counters_window_idx" ON "usage_counters"("tenant_id", "window_unit", "window_start");

-- CreateIndex
CREATE INDEX "usage_counters_age_idx" ON "usage_counters"("window_unit", "window_start");

-- CreateIndex
CREATE INDEX "websocket_connections_list_idx" ON "websocket_connections"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "websocket_connections_user_idx" ON "websocket_connections"("user_id", "id");

-- CreateIndex
CREATE INDEX "websocket_connections_topics_idx" ON "websocket_connections" USING GIN ("topics");

-- CreateIndex
CREATE INDEX "websocket_connections_expiry_idx" ON "websocket_connections"("expires_at");

-- CreateIndex
CREATE INDEX "files_list_idx" ON "files"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "files_installation_idx" ON "files"("installation_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "files_checksum_idx" ON "files"("tenant_id", "checksum");

-- CreateIndex
CREATE INDEX "files_expiry_idx" ON "files"("expires_at");

-- CreateIndex
CREATE INDEX "files_status_idx" ON "files"("status", "created_at");

-- AddForeignKey
ALTER TABLE "websocket_connections" ADD CONSTRAINT "websocket_connections_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Room for updates in place: counters and connections change many times before they go.
ALTER TABLE "usage_counters" SET (fillfactor = 80);
ALTER TABLE "websocket_connections" SET (fillfactor = 80);
