-- CreateTable
CREATE TABLE "key_rotations" (
    "key_id" TEXT NOT NULL,
    "position" JSONB,
    "scanned" BIGINT NOT NULL,
    "rewritten" BIGINT NOT NULL,
    "unreadable" BIGINT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "key_rotations_pkey" PRIMARY KEY ("key_id")
);
