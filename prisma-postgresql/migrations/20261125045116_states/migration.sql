-- CreateTable
CREATE TABLE "states" (
    "tenant_id" UUID NOT NULL,
    "namespace" VARCHAR(100) COLLATE "C" NOT NULL,
    "key" VARCHAR(500) COLLATE "C" NOT NULL,
    "value" JSONB,
    "version" BIGINT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "states_pkey" PRIMARY KEY ("tenant_id","namespace","key")
);

-- CreateIndex
CREATE INDEX "states_expiry_idx" ON "states"("expires_at");

-- Room for updates in place: values change many times before they go.
ALTER TABLE "states" SET (fillfactor = 80);
