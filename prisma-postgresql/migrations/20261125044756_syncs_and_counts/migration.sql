-- CreateTable
CREATE TABLE "syncs" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "direction" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "checkpoint" JSONB,
    "watermark" TEXT,
    "generation" INTEGER NOT NULL,
    "counts" JSONB NOT NULL,
    "error" JSONB,
    "last_run_id" UUID,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "syncs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "records" (
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "sync_id" UUID NOT NULL,
    "side" VARCHAR(10) COLLATE "C" NOT NULL,
    "external_id" VARCHAR(500) COLLATE "C" NOT NULL,
    "hash" TEXT NOT NULL,
    "revision" TEXT,
    "pair_id" TEXT,
    "generation" INTEGER NOT NULL,
    "change" TEXT NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "records_pkey" PRIMARY KEY ("sync_id","side","external_id")
);

-- CreateTable
CREATE TABLE "row_counts" (
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "slot" INTEGER NOT NULL,
    "total" BIGINT NOT NULL,

    CONSTRAINT "row_counts_pkey" PRIMARY KEY ("tenant_id","installation_id","name","slot")
);

-- CreateIndex
CREATE INDEX "syncs_list_idx" ON "syncs"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "syncs_name_key" ON "syncs"("installation_id", "name");

-- CreateIndex
CREATE INDEX "records_installation_idx" ON "records"("installation_id");

-- Room for updates in place: every pass writes every record.
ALTER TABLE "syncs" SET (fillfactor = 80);
ALTER TABLE "records" SET (fillfactor = 80);
ALTER TABLE "row_counts" SET (fillfactor = 50);

-- Counts are kept by triggers, so that every writer keeps them: bulk statements, deletion in steps, an import past the
-- repositories, and processes of the version before while this one is rolled out. Writers spread over eight slots.
CREATE FUNCTION "tenon_count_mappings"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO row_counts AS c (tenant_id, installation_id, name, slot, total)
  SELECT tenant_id, installation_id, 'mappings:' || kind, pg_backend_pid() % 8,
    CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
  FROM changed GROUP BY tenant_id, installation_id, kind ORDER BY tenant_id, installation_id, kind
  ON CONFLICT (tenant_id, installation_id, name, slot) DO UPDATE SET total = c.total + excluded.total;
  RETURN NULL;
END $$;

CREATE TRIGGER "mappings_inserted" AFTER INSERT ON "mappings" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "tenon_count_mappings"();
CREATE TRIGGER "mappings_deleted" AFTER DELETE ON "mappings" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "tenon_count_mappings"();

-- Only records that live are counted, so an update may change the count too.
CREATE FUNCTION "tenon_count_records"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO row_counts AS c (tenant_id, installation_id, name, slot, total)
  SELECT tenant_id, installation_id, 'records:' || sync_id || ':' || side, pg_backend_pid() % 8,
    CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
  FROM changed WHERE deleted_at IS NULL
  GROUP BY tenant_id, installation_id, sync_id, side ORDER BY tenant_id, installation_id, sync_id, side
  ON CONFLICT (tenant_id, installation_id, name, slot) DO UPDATE SET total = c.total + excluded.total;
  RETURN NULL;
END $$;

CREATE FUNCTION "tenon_recount_records"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO row_counts AS c (tenant_id, installation_id, name, slot, total)
  SELECT tenant_id, installation_id, 'records:' || sync_id || ':' || side, pg_backend_pid() % 8, sum(step)
  FROM (SELECT tenant_id, installation_id, sync_id, side, 1 AS step FROM after_change WHERE deleted_at IS NULL
    UNION ALL
    SELECT tenant_id, installation_id, sync_id, side, -1 FROM before_change WHERE deleted_at IS NULL) AS steps
  GROUP BY tenant_id, installation_id, sync_id, side HAVING sum(step) <> 0
  ORDER BY tenant_id, installation_id, sync_id, side
  ON CONFLICT (tenant_id, installation_id, name, slot) DO UPDATE SET total = c.total + excluded.total;
  RETURN NULL;
END $$;

CREATE TRIGGER "records_inserted" AFTER INSERT ON "records" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "tenon_count_records"();
CREATE TRIGGER "records_deleted" AFTER DELETE ON "records" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "tenon_count_records"();
CREATE TRIGGER "records_updated" AFTER UPDATE ON "records"
  REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change
  FOR EACH STATEMENT EXECUTE FUNCTION "tenon_recount_records"();

-- What is there already. The lock keeps writers out between count and trigger; it ends with the migration.
LOCK TABLE "mappings" IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO "row_counts" ("tenant_id", "installation_id", "name", "slot", "total")
SELECT "tenant_id", "installation_id", 'mappings:' || "kind", 0, count(*) FROM "mappings" GROUP BY 1, 2, 3;
