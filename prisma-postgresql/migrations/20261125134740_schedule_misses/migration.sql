-- AlterTable
ALTER TABLE "schedules" ADD COLUMN     "catch_up" TEXT NOT NULL DEFAULT 'last',
ADD COLUMN     "last_miss" TEXT,
ADD COLUMN     "last_missed_at" TIMESTAMPTZ(3);
