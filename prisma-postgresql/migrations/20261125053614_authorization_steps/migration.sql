-- AlterTable
ALTER TABLE "authorization_sessions" ADD COLUMN     "step" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "step_data" TEXT,
ADD COLUMN     "total_steps" INTEGER NOT NULL DEFAULT 1;
